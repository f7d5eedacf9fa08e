internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerFormula
internal import WalkerModel
internal import WalkerRender

struct LintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Say what is wrong with walkthroughs as far as no kernel is needed for that.",
    discussion: """
      The form of the front matter and of the anchors, the C of the claims, ids and references within the file. Whether an \
      anchor fits and a claim is right, "walker print" and "walker watch" say.
      """)

  @Argument(help: "Walkthroughs; without one, all of the nearest folder.")
  var walkthroughs: [String] = []
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let folder = try Places(places).annotations()
    let names = try walkthroughs.isEmpty ? AnnotationsFolder.names(in: folder.path) : walkthroughs
    guard !names.isEmpty else {
      throw UserError(
        "there is no walkthrough in \(folder.path): name another folder with --annotations",
        exitStatus: ExitStatus.unchecked)
    }
    var mistakes: [String] = []
    for name in names { mistakes += try WalkthroughLint.mistakes(of: name, in: folder) }
    try StandardStreams.write(mistakes.map { $0 + "\n" }.joined())
    guard mistakes.isEmpty else { throw ExitCode(ExitStatus.broken) }
    try StandardStreams.write("\(names.count) walkthrough\(names.count == 1 ? "" : "s"): no mistake\n")
  }
}

/// What can be said of a walkthrough's text alone.
enum WalkthroughLint {
  /// - Throws: `UserError` when there is no such walkthrough.
  static func mistakes(of name: String, in folder: AnnotationsFolder) throws -> [String] {
    let text = try folder.text(of: name)
    let file = folder.file(of: name)
    do {
      let walkthrough = try WalkthroughReader.read(text, name: name, file: file)
      return claims(of: walkthrough).map { MistakeText.render($0.message, file: file, text: text) + $0.claim }
    } catch let error as UserError {
      return [MistakeText.render(error.message, file: file, text: text)]
    }
  }

  /// Claims that are no C, each with the place in it.
  private static func claims(of walkthrough: Walkthrough) -> [(message: String, claim: String)] {
    walkthrough.results.flatMap { result in
      result.eras.compactMap { era in
        mistake(in: era.claim).map { error in
          let lines = error.diagram.split(separator: "\n").dropFirst().map { "\n" + $0 }.joined()
          let line = SourceLocation(file: era.location.file, line: era.location.line)
          return ("\(line): the claim of era \"\(era.id)\" of \(result.id): \(error.message)", lines)
        }
      }
    }
  }

  /// Which names are inputs is known with a kernel: here every name may be one.
  private static func mistake(in claim: String) -> ClaimError? {
    var names: [String: Expression] = [:]
    while true {
      do throws(ClaimError) {
        _ = try Claim.parse(claim, names: names)
        return nil
      } catch {
        guard let name = error.unknownName, names[name] == nil else { return error }
        names[name] = .input(Input(id: name, name: name, role: .opaque, type: .s64))
      }
    }
  }
}
