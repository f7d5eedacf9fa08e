internal import FoundationEssentials
internal import WalkerModel

/// What a project says once in its `.walker.yml`, so that nobody has to say it with every command:
///
///     kernels: [6.12, ../linux]
///     annotations: docs/walkthroughs
///     browser: https://example.org/{tag}/source/{file}#L{line}
///
/// Folders count from the file's own. What a command line says goes before it.
public struct ProjectFile: Sendable, Hashable {
  public static let name = ".walker.yml"

  public let kernels: [String]
  public let annotations: String?
  public let browser: String?

  public static let none = ProjectFile(kernels: [], annotations: nil, browser: nil)

  init(kernels: [String], annotations: String?, browser: String?) {
    self.kernels = kernels
    self.annotations = annotations
    self.browser = browser
  }

  /// Throws `UserError` with the place of what is not as it should be.
  public init(_ text: String, file: String) throws {
    let root = try StrictNode(yaml: text, file: file, lineOffset: 0, what: "the project's file")
    let keys = try root.mapping(["kernels", "annotations", "browser"])
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    func placed(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
    kernels = try keys["kernels"]?.texts().map { $0.hasPrefix("./") || $0.hasPrefix("../") ? placed($0) : $0 } ?? []
    annotations = try keys["annotations"].map { placed(try $0.text()) }
    browser = try keys["browser"]?.text()
  }

  /// The file in this folder or the nearest one above it. Throws `UserError` when it can't be read.
  public static func nearest(to folder: String) throws -> ProjectFile {
    var folder = folder
    while true {
      let file = (folder == "/" ? "" : folder) + "/" + name
      var isFolder = false
      if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder {
        guard let bytes = RegularFile.bytes(file), let text = String(validating: bytes, as: UTF8.self)
        else { throw UserError("\(file) cannot be read as UTF-8 text: check its permissions, or save it again") }
        return try ProjectFile(text, file: file)
      }
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { return .none }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }
}
