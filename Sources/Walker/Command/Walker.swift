internal import ArgumentParser
internal import Glibc
internal import WalkerModel

/// The command line's root. Every command reads alike: raw arguments in, resolved settings, one answer out.
struct Walker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walker",
    abstract: "Shows, in the real source of a kernel, what the kernel turns a number into.",
    discussion: """
      Exit status: 0 all is well; 1 an error, or something is broken; 2 something could not be derived or checked; 64 \
      the command line is wrong.
      """,
    version: WalkerVersion.current,
    subcommands: [
      PrintCommand.self, ExportCommand.self, CheckCommand.self, AcceptCommand.self, DiffCommand.self, EvalCommand.self,
      HistoryCommand.self, VerifyCommand.self, KernelsCommand.self, AnchorsCommand.self, NewCommand.self,
      CompilerArgumentsCommand.self, KnobsCommand.self, LintCommand.self, WatchCommand.self, ServeCommand.self,
      PlacesCommand.self, AssistantCommand.self,
    ],
    defaultSubcommand: PrintCommand.self)
}

@main
enum Main {
  static func main() async {
    // A reader that has gone, of the output or of the engine's input, is an error to handle, not an end without words.
    signal(SIGPIPE, SIG_IGN)
    do {
      try Bounds.checkMachine()
      try await Ending.running {
        guard let arguments = try await CommandLineReader.read(Array(CommandLine.arguments.dropFirst())) else { return }
        var command = try Walker.parseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
      }
    } catch let error as UserError {
      StandardStreams.complain(error.message)
      exit(error.exitStatus)
    } catch {
      Walker.exit(withError: error)
    }
  }
}
