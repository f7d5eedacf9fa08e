internal import ArgumentParser
internal import FoundationEssentials
internal import Subprocess
internal import SystemPackage
internal import WalkerAnnotation
internal import WalkerModel

/// What users of other tools expect of a command line, and the argument parser does not do.
enum CommandLineReader {
  /// The arguments to parse; nil: all is said already.
  ///
  /// Throws `UserError` (64) for a command that there is not.
  static func read(_ arguments: [String]) async throws -> [String]? {
    guard let first = arguments.first else { return arguments }
    if first == "--version", arguments.count == 1 {
      try StandardStreams.write(try await versions())
      return nil
    }
    if first == "help" {
      try checkCommands(arguments.dropFirst().filter { !$0.hasPrefix("-") })
    } else if !first.hasPrefix("-"), subcommand(first, of: Walker.self) == nil {
      try checkWalkthrough(first, arguments)
    }
    return first == "eval" ? withNegativeNumbersLast(arguments) : arguments
  }

  // MARK: Commands

  private static func subcommand(_ name: String, of command: any ParsableCommand.Type) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { $0._commandName == name }
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
  }

  /// `walker help kernels ad`
  private static func checkCommands(_ words: [String]) throws {
    var command: any ParsableCommand.Type = Walker.self
    var path = "walker"
    for word in words where word != "help" {
      guard let next = subcommand(word, of: command) else {
        let known = names(of: command)
        let hint =
          Spelling.nearest(to: word, among: known).map { "did you mean \"walker help \($0)\"?" }
          ?? "there are \(known.joined(separator: ", "))"
        throw UserError("\(path) has no command \"\(word)\": \(hint)", exitStatus: ExitStatus.usage)
      }
      command = next
      path += " " + word
    }
  }

  /// `walker prnt` is rather a slip of the fingers than a walkthrough.
  private static func checkWalkthrough(_ word: String, _ arguments: [String]) throws {
    // The command that follows says what is wrong with the folder.
    let names = (try? Places(PlaceArguments(from: arguments)).annotations().names()) ?? []
    let commands = Self.names(of: Walker.self)
    guard !names.contains(word), let nearest = Spelling.nearest(to: word, among: names + commands),
      commands.contains(nearest), !names.contains(nearest)
    else { return }
    throw UserError(
      "there is no command or walkthrough \"\(word)\": did you mean \"walker \(nearest)\"?",
      exitStatus: ExitStatus.usage)
  }

  /// `walker eval -1` asks for a number, not for an option.
  private static func withNegativeNumbersLast(_ arguments: [String]) -> [String] {
    let takers: Set<String> = ["--width", "--timeout", "--vectors"]
    var kept: [String] = []
    var numbers: [String] = []
    for (position, argument) in arguments.enumerated() {
      if argument == "--" { return arguments }
      let isNumber = argument.hasPrefix("-") && argument.dropFirst().first?.isNumber == true
      if isNumber, position > 0, !takers.contains(arguments[position - 1]) {
        numbers.append(argument)
      } else {
        kept.append(argument)
      }
    }
    return numbers.isEmpty ? arguments : kept + ["--"] + numbers
  }

  // MARK: Versions

  /// The worker knows those of what it is linked with. One that does not answer is said, and no reason to say nothing.
  private static func versions() async throws -> String {
    let own = "walker \(WalkerVersion.current)\n"
    let engine = try Places(PlaceArguments(from: [])).engine
    guard FileManager.default.isExecutableFile(atPath: engine) else {
      return own + "walker-engine is not at \(engine): build or install walker again\n"
    }
    let result = try await Subprocess.run(
      .path(FilePath(engine)), arguments: ["--version"], output: .string(limit: 4096), error: .discarded)
    return own + result.standardOutput
  }
}
