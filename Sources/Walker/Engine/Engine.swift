internal import FoundationEssentials
internal import Glibc
internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel
internal import WalkerProof

/// The worker: one request as JSON on standard input, one answer as JSON on standard output.
@main
enum Engine {
  static func main() {
    if CommandLine.arguments.dropFirst().first == "--version" {
      return write(Array("\(ClangVersion.text)\nZ3 \(SolverVersion.text)\n".utf8))
    }
    Worker.run(answerRequest)
  }

  private static func answerRequest() {
    let response: EngineResponse
    do {
      let request = try JSONDecoder().decode(EngineRequest.self, from: Data(readInput()))
      response = try answer(request)
    } catch let error as UserError {
      response = .failed(error)
    } catch {
      response = .failed(UserError("walker-engine could not answer: \(error)", exitStatus: ExitStatus.unchecked))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // An end without an answer is told by walker, with this status.
    guard let bytes = try? encoder.encode(response) else { exit(ExitStatus.unchecked) }
    guard Worker.beginAnswer() else { while true { pause() } }
    write(Array(bytes))
  }

  private static func answer(_ request: EngineRequest) throws -> EngineResponse {
    switch request.operation {
    case .walk(let walkthrough):
      let place = try request.knownWalks.map { _ in try KernelPlace(request.kernel) }
      let tree = try KernelSources.open(request.kernel, cache: request.cache)
      if let known = try request.knownWalks.flatMap({
        try WalkStore(
          folder: $0, configuration: request.configuration, readsFingerprints: request.isCompared
        ).walk(restingOn: tree, request.kernel, at: place)
      }) {
        return .walk(known, restingOn: nil)
      }
      let (walk, basis) = try Walking(request: request, tree: tree).restingWalk(walkthrough)
      return .walk(walk, restingOn: basis)
    case .anchors(let function, let walkthrough):
      let tree = try KernelSources.open(request.kernel, cache: request.cache)
      return .anchors(try Walking(request: request, tree: tree).anchors(function, walkthrough))
    case .find(let lost, let known):
      let tree = try KernelSources.open(request.kernel, cache: request.cache)
      return .found(try Walking(request: request, tree: tree).find(lost, known: Set(known)))
    case .add(let walkthroughs, let name, let folder):
      return try Adding(request: request).add(walkthroughs, name: name, folder: folder)
    case .environment(let folder):
      let tree = try KernelSources.open(request.kernel, cache: request.cache)
      let environment = try Walking(request: request, tree: tree).environment()
      return .environment(try environment.write(to: folder, of: tree))
    case .sysctls(let names): return try SysctlAnswering(request: request).answer(names)
    case .compare(let questions): return .compared(try MeaningComparing().answer(questions))
    }
  }

  private static func readInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private static func write(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count <= 0 { exit(ExitStatus.unchecked) }
      start += count
    }
  }
}
