internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Walk again whenever a walkthrough is saved, and say what is wrong with it.",
    discussion: "It ends with Ctrl-C. To see the page as it will be, use \"walker serve\".")

  @Argument(help: walkthroughHelp)
  var walkthrough: String?
  @Option(help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("End after so many rounds.", valueName: "number"))
  var rounds: Int?
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    if let rounds, rounds < 1 { throw ValidationError("--rounds must be 1 or more") }
  }

  func run() async throws {
    let places = try Places(places, boundsEachWalk: true)
    let name = try walkthrough ?? WalkSource.firstName(in: places.annotations())
    let draft = try Draft(
      name: name, kernels: try await KernelChoice.resolve(all: kernel, places),
      configuration: try KernelArguments.configuration(config), places: places)
    _ = try places.annotations().text(of: name)
    var left = rounds
    while !Task.isCancelled, left != 0 {
      let stamp = draft.stamp
      try await draft.rounds { round in
        if !round.isPreview { try StandardStreams.write(Self.text(round)) }
      }
      left = left.map { $0 - 1 }
      if left == 0 { return }
      while !Task.isCancelled, draft.stamp == stamp {
        do { try await Task.sleep(for: .milliseconds(150)) } catch { return }
      }
    }
  }

  /// `6.12: 9 of 9 annotations bound, 4 of 4 results proved (0.4 s)`
  private static func text(_ round: Draft.Round) -> String {
    let seconds = "\(Int(round.seconds * 10) / 10).\(Int(round.seconds * 10) % 10) s"
    var lines = round.walks.map { walk in
      let proved = walk.results.filter { $0.proof == .proved }.count
      let other = walk.coverage.otherEra > 0 ? ", \(walk.coverage.otherEra) for other kernels" : ""
      return
        "\(walk.kernel.name): \(walk.coverage.bound) of \(walk.coverage.annotations - walk.coverage.otherEra) annotations bound\(other), \(proved) of \(walk.results.count) results proved (\(seconds))"
    }
    for walk in round.walks {
      for result in walk.results where result.proof != .proved && result.proof != .absent {
        let title = "\(walk.kernel.name): \(result.id) is \(result.proof.rawValue): \(result.formula)"
        lines.append(title)
      }
    }
    lines += round.mistakes
    return lines.map { $0 + "\n" }.joined()
  }
}
