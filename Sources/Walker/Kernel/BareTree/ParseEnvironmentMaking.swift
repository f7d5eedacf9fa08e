internal import WalkerModel

extension ParseEnvironment {
  /// The environment in which libclang parses the files of `tree`, which nobody has configured or built.
  ///
  /// A pure function of the tree's text (its Kconfig and Kbuild files, its Makefile, a few headers) and of
  /// `configurationFile`, a real `.config`; without one, `DefaultConfiguration` answers the tree's questions.
  /// Throws `UserError` when the configuration is none, when the tree has no x86 headers, or when it can't be read.
  public static func make(
    for tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?
  ) throws -> ParseEnvironment {
    let layout = ArchitectureLayout(of: tree)
    if case .missing = layout {
      throw UserError(
        "\(tree.source): this kernel tree has no headers of x86 (arch/x86/include/asm, or include/asm-x86_64 in old trees); give a complete tree."
      )
    }
    let configuration =
      try configurationFile.map { try KernelConfiguration.file(name: $0.name, bytes: $0.bytes) }
      ?? KernelConfiguration.standard(for: tree, layout)
    let makefile = try TreeMakefile(tree: tree)
    let prefix = tree.root ?? HeadersInMemory.prefix
    let generated = "\(prefix)/\(generatedFolder)"

    var headers = try GeneratedHeaders(tree: tree, configuration: configuration, makefile: makefile).all()
    headers.merge(try AsmHeaders(tree: tree, layout: layout).all()) { made, _ in made }
    var files: [String: [UInt8]] = [:]
    for (path, text) in headers { files["\(generated)/include/\(path)"] = Array(text.utf8) }
    for (name, text) in CompilerHeaders.all { files["\(generated)/compiler/\(name)"] = Array(text.utf8) }
    if tree.root == nil { files.merge(try HeadersInMemory.headers(of: tree)) { made, _ in made } }

    let arguments = CompilerArguments(tree: tree, layout: layout, makefile: makefile, configuration: configuration)
    return ParseEnvironment(
      arguments: arguments.all(prefix: prefix, generated: generated), virtualFiles: files, prefix: prefix,
      configurationSource: configuration.source, configurationSHA256: configuration.sha256,
      configuration: configuration.symbols)
  }

  /// The folder of the generated headers below `prefix`. It does not exist, and a built tree has no such folder: what
  /// a build left behind never mixes with what is made here.
  public static let generatedFolder = "walker-generated"

  /// What to hand to libclang besides `virtualFiles` when it parses `file` (relative to the tree) of a tree that is not
  /// on disk: the file, and what it includes by a path with `..` in it. Empty for a folder, which libclang reads itself.
  public func virtualFiles(forParsing file: String, bytes: [UInt8]) -> [String: [UInt8]] {
    guard prefix == HeadersInMemory.prefix else { return [:] }
    var files = ["\(prefix)/\(file)": bytes]
    files.merge(HeadersInMemory.climbingIncludes(of: "\(prefix)/\(file)", bytes, in: virtualFiles)) { file, _ in file }
    return files
  }
}
