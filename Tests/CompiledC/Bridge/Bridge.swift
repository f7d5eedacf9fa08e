import Foundation
import WalkerAnnotation
import WalkerFormula
import WalkerKernel
import WalkerModel

/// What the comparison with compiled C needs of walker, for scripts:
///
///     walker-bridge environment KERNEL FOLDER   how a compiler is to be run on the kernel: FOLDER/arguments, one a line,
///                                               and the headers that they name, in FOLDER/walker-generated
///     walker-bridge evaluate KERNEL WALKTHROUGH the walkthrough's formulas for the rows on standard input: the first
///                                               line names the inputs, the others are numbers; a line for each row is
///                                               printed, below a line with the results' names and one
///                                               with their proofs: numbers, or `never`,
///                                               `outside` of what is assumed, `not reached`, or why there is none;
///                                               ` if reached` follows where that hangs on what no row can give
///     walker-bridge describe KERNEL WALKTHROUGH the same below two lines of JSON: the walkthrough as it is read, and its
///                                               walk
@main enum Bridge {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    do {
      switch (arguments.first, arguments.count) {
      case ("environment", 3): try writeEnvironment(kernel: arguments[2], to: arguments[3])
      case ("evaluate", 3): try evaluate(kernel: arguments[2], walkthrough: arguments[3], describes: false)
      case ("describe", 3): try evaluate(kernel: arguments[2], walkthrough: arguments[3], describes: true)
      default:
        throw UserError(
          "usage: walker-bridge environment KERNEL FOLDER | evaluate KERNEL WALKTHROUGH | describe KERNEL WALKTHROUGH")
      }
    } catch {
      FileHandle.standardError.write(Data("walker-bridge: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func writeEnvironment(kernel: String, to folder: String) throws {
    let tree = try FolderTree(kernel)
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    let generated = "\(environment.prefix)/\(ParseEnvironment.generatedFolder)"
    let written = "\(folder)/\(ParseEnvironment.generatedFolder)"
    for (path, bytes) in environment.virtualFiles where path.hasPrefix(generated) {
      let target = URL(filePath: written + path.dropFirst(generated.count))
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: target)
    }
    let arguments = environment.arguments.map { $0.replacingOccurrences(of: generated, with: written) }
    try Data(arguments.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/arguments"))
  }

  private static func evaluate(kernel: String, walkthrough folder: String, describes: Bool) throws {
    let walkthrough = try walkthrough(folder)
    if describes { try writeLine(walkthrough) }
    let walk = try walk(walkthrough, kernel)
    if describes { try writeLine(walk) }
    print(walk.results.map(\.id).joined(separator: "\t"))
    print(walk.results.map { "\($0.proof.rawValue) \($0.era ?? "-")" }.joined(separator: "\t"))
    guard let header = readLine() else { return }
    let names = header.split(separator: " ").map(String.init)
    while let line = readLine() {
      let numbers = line.split(separator: " ").compactMap { Int128($0) }
      let given = Dictionary(zip(names, numbers)) { $1 }
      print(walk.results.map { outcome(of: $0, given) }.joined(separator: "\t"))
    }
  }

  private static func walkthrough(_ folder: String) throws -> Walkthrough {
    let file = "\(folder)/walkthrough.md"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var walkthrough = try WalkthroughReader.read(text, name: URL(filePath: folder).lastPathComponent, file: file)
    // What a real kernel is asked is no part of a walk.
    walkthrough.probes = nil
    return walkthrough
  }

  private static func writeLine(_ value: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(value) + Data("\n".utf8))
  }

  private static func outcome(of result: WalkResult, _ given: [String: Int128]) -> String {
    guard let derivation = result.derivation else { return result.formula }
    var known: [Input: Int128] = [:]
    for input in inputs(of: derivation) { known[input] = given[input.name] }
    if fails(derivation.assuming, known) == true { return "outside" }
    let isUnreached = fails(derivation.reachedWhen, known)
    if isUnreached == true { return "not reached" }
    let number = number(
      Derivation(
        form: derivation.form, reachedWhen: .true, undefinedWhen: derivation.undefinedWhen, assuming: .true,
        closedForm: derivation.closedForm, neverWhen: derivation.neverWhen), known)
    return isUnreached == nil ? "\(number) if reached" : number
  }

  private static func number(_ derivation: Derivation, _ known: [Input: Int128]) -> String {
    do throws(DerivationError) { return try derivation.evaluate(known).map { "\($0)" } ?? "never" } catch {
      if case .undefined = error { return "undefined" }
      return error.description
    }
  }

  /// Whether one of the conditions does not hold; nil where that hangs on an input that is not known.
  private static func fails(_ condition: WalkerModel.Expression, _ known: [Input: Int128]) -> Bool? {
    let outcomes = condition.conjuncts.map { try? $0.evaluate(known) }
    return outcomes.contains(0) ? true : outcomes.contains(nil) ? nil : false
  }

  private static func inputs(of derivation: Derivation) -> Set<Input> {
    let value: WalkerModel.Expression =
      switch derivation.form {
      case .stored(let stored): stored
      case .threshold(_, let test): test
      }
    return [value, derivation.reachedWhen, derivation.undefinedWhen, derivation.assuming]
      .reduce(into: []) { $0.formUnion($1.inputs) }
  }

  /// By the engine beside this program, as `walker` asks it, but never out of a cache.
  private static func walk(_ walkthrough: Walkthrough, _ kernel: String) throws -> Walk {
    let cache = FileManager.default.temporaryDirectory.appending(path: "walker-bridge-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let request = EngineRequest(
      operation: .walk(walkthrough),
      kernel: KernelReference(name: "compiled", kind: .folder(kernel), source: "folder:\(kernel)"), configuration: nil,
      cache: cache)
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "walker-engine")
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request))
    try input.fileHandleForWriting.close()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    switch try JSONDecoder().decode(EngineResponse.self, from: answer) {
    case .walk(let walk, restingOn: _): return walk
    case .failed(let error): throw error
    default: throw UserError("walker-engine answered something else than was asked")
    }
  }
}
