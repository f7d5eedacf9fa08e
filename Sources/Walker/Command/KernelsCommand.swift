internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

struct KernelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "List, add, remove and verify kernels.",
    subcommands: [List.self, Add.self, Remove.self, Verify.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the kernels that are known, and which are here.")
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let entries = try Places(places).catalog().list()
      guard !entries.isEmpty else {
        throw UserError(
          "no kernel is known by name: run \"walker kernels add KERNEL --name NAME\"", exitStatus: ExitStatus.unchecked)
      }
      let usual = try KernelChoice.usual(Places(places))
      let rows = [[" ", "NAME", "VERSION", "FILES", "SOURCE"]] + entries.map { row($0, isUsual: $0.name == usual) }
      // The last column is as wide as it is.
      let widths = (0..<4).map { column in rows.map { column < $0.count - 1 ? $0[column].count : 0 }.max() ?? 0 }
      let lines = rows.map { row in
        let cells = row.enumerated().map { column, cell in
          column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
        }
        return cells.joined(separator: "  ") + "\n"
      }
      try StandardStreams.write(lines.joined())
      if usual != nil { try StandardStreams.write("* is meant where no --kernel is given\n") }
    }

    /// `*  6.12  6.12.117  31  apt:linux-source-6.12`
    private func row(_ entry: KernelCatalog.Entry, isUsual: Bool) -> [String] {
      let mark = isUsual ? "*" : " "
      if let problem = entry.problem { return [mark, entry.name, "damaged: \(problem)"] }
      guard entry.isPresent else { return [mark, entry.name, "not here; walker kernels add \(entry.name)"] }
      return [mark, entry.name, entry.kernelVersion ?? "?", "\(entry.files)", entry.source]
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep the files of a kernel that the walkthroughs need.")
    @Argument(
      help: """
        The kernel: a name that "walker kernels list" shows, a folder, an archive, apt:PACKAGE[@SUITE], \
        git:PATH@REVISION, or an https:// address.
        """)
    var kernel: String
    @Option(help: "What it is called from then on; without it, the kernel's own name.")
    var name: String?
    @Flag(
      help: """
        Do nothing when it is here and can answer what the walkthroughs ask; make it again from the package that is \
        kept, without the network, when it can't.
        """)
    var ifStale = false
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let places = try Places(places)
      if let name { try KernelCatalog.check(name: name) }
      let catalog = try places.catalog()
      var kept: KernelReference?
      if ifStale, catalog.isPresent(name ?? kernel) {
        let stock = try Stock(name: name ?? kernel, places: places)
        if try await stock.isCurrent() { return }
        kept = stock.keptArchive()
      }
      let reference = if let kept { kept } else { try await KernelChoice.resolve(kernel, places, for: .add) }
      let isKnown = catalog.known.contains { $0.name == kernel }
      let name = name ?? (isKnown ? kernel : reference.name)
      try KernelCatalog.check(name: name)
      let folder = try places.annotations()
      let request = EngineRequest(
        operation: .add(try folder.walkthroughs(), name: name, folder: places.snippets + "/" + name),
        kernel: reference, configuration: nil, cache: places.cache)
      let engine = Engine(path: places.engine, bounds: places.bounds.ofWholeTree)
      let answer = try await engine.ask(request, task: "adding \(name)")
      guard case .added(let made, let files, let misfits) = answer.response else { throw unexpectedAnswer() }
      for misfit in misfits {
        StandardStreams.complain("\(misfit.walkthrough) does not fit \(name) and is left out: \(misfit.why.message)")
      }
      try StandardStreams.write("\(name): \(files) files in \(made)\n")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a kernel that was added.")
    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      try Places(places).catalog().remove(name)
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare every file with what was fetched, and what was asked with what is asked now.")
    @Argument(help: "The kernel's name; without it, all that are here.")
    var name: String?
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let places = try Places(places)
      let verdicts = try places.catalog().verify(name)
      var isStale = false
      for verdict in verdicts {
        let words = verdict.problems.isEmpty ? "as fetched" : "not as fetched"
        let problems = verdict.problems.map { "  \($0)\n" }.joined()
        let stale = verdict.problems.isEmpty ? try Stock(name: verdict.name, places: places).complaint() : nil
        if stale != nil { isStale = true }
        try StandardStreams.write("\(verdict.name): \(words)\(stale.map { ", but \($0)" } ?? "")\n\(problems)")
      }
      if verdicts.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.broken) }
      if isStale { throw ExitCode(ExitStatus.unchecked) }
    }
  }
}
