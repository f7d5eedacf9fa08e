internal import CClang
internal import WalkerModel

/// The owner of libclang's index. One task uses it: nothing of this layer is `Sendable`.
public final class ClangIndex {
  let handle: CXIndex

  /// Nil when libclang can't make one.
  public init?() {
    guard let handle = clang_createIndex(0, 0) else { return nil }
    self.handle = handle
  }

  deinit { clang_disposeIndex(handle) }
}

/// A file that is served from memory.
public struct UnsavedFile {
  public let path: String
  public let bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// A compile error of a unit: where (absolute path as libclang saw it) and what.
public struct ParseError: Hashable {
  public let path: String
  public let line: Int
  public let message: String
}

/// What libclang made of one parse, with the index that it needs.
private final class Parse {
  let handle: CXTranslationUnit
  private let index: ClangIndex

  init(_ handle: CXTranslationUnit, _ index: ClangIndex) {
    self.handle = handle
    self.index = index
  }

  deinit {
    clang_disposeTranslationUnit(handle)
    walker_return_memory()
  }
}

/// One parsed source file with everything that it includes.
public final class TranslationUnit {
  private let parse: Parse
  var handle: CXTranslationUnit { parse.handle }
  /// What libclang reported as error or fatal, in order.
  public let errors: [ParseError]

  /// Another unit over the same parse: a file that is parsed together with others has one of its own, and a cursor of
  /// one unit never equals one of another.
  public init(sharing other: TranslationUnit) {
    parse = other.parse
    errors = other.errors
  }

  /// Lines that were added to a file: errors there are none of the author's.
  public struct Addition {
    public let path: String
    /// The first of them, counted from 1.
    public let line: Int

    public init(path: String, line: Int) {
      self.path = path
      self.line = line
    }
  }

  /// Parses `path` with `arguments`. Throws `UserError` when libclang gives up on the file altogether, or when the parse read
  /// what lies outside of the folder that `confining` names.
  ///
  /// - Parameters:
  ///   - addition: of the unit's own file.
  ///   - skipsBodies: functions are declared only, which takes a fraction of the time.
  public init(
    index: ClangIndex, path: String, arguments: [String], unsavedFiles: [UnsavedFile], addition: Addition? = nil,
    skipsBodies: Bool = false
  ) throws {
    var handle: CXTranslationUnit?
    let options =
      CXTranslationUnit_KeepGoing.rawValue | (skipsBodies ? CXTranslationUnit_SkipFunctionBodies.rawValue : 0)
    let status = withCStrings(arguments) { arguments in
      withUnsavedFiles(unsavedFiles) { unsaved in
        clang_parseTranslationUnit2(
          index.handle, path, arguments.baseAddress, Int32(arguments.count),
          unsaved.baseAddress, UInt32(unsaved.count),
          options, &handle)
      }
    }
    guard status == CXError_Success, let handle else {
      throw UserError(
        "libclang could not parse \(path) (error \(status.rawValue)): check that the file is C and not damaged.",
        exitStatus: ExitStatus.unchecked)
    }
    parse = Parse(handle, index)
    var errors: [ParseError] = []
    for position in 0..<clang_getNumDiagnostics(handle) {
      let diagnostic = clang_getDiagnostic(handle, position)
      defer { clang_disposeDiagnostic(diagnostic) }
      let severity = clang_getDiagnosticSeverity(diagnostic)
      guard severity == CXDiagnostic_Error || severity == CXDiagnostic_Fatal else { continue }
      let place = FilePosition(clang_getDiagnosticLocation(diagnostic))
      if let addition, let place, place.path == addition.path, place.line >= addition.line { continue }
      errors.append(
        ParseError(
          path: place?.path ?? path, line: place?.line ?? 0,
          message: take(clang_getDiagnosticSpelling(diagnostic))))
    }
    self.errors = errors
    // There libclang stops: what it has read of the file so far says nothing about the rest.
    if let deep = errors.first(where: { error in Self.tooDeep.contains { error.message.contains($0) } }) {
      let folder = Confinement.folder(arguments).map { $0 + "/" } ?? ""
      let name = deep.path.hasPrefix(folder) ? String(deep.path.dropFirst(folder.count)) : deep.path
      throw UserError(
        "\(name):\(deep.line): C is nested too deeply to be parsed (\(deep.message)): look into that file",
        exitStatus: ExitStatus.unchecked)
    }
    if var confinement = Confinement(arguments, unsavedFiles) { try confinement.check(includedFiles) }
  }

  private static let tooDeep = ["bracket nesting level exceeded", "nested too deeply"]

  /// The argument that names the folder that a parse may read from.
  public static let confining = "-fdebug-compilation-dir="

  /// The file of that absolute path; nil when the parse did not read it.
  public func file(_ path: String) -> SourceFile? { SourceFile(clang_getFile(handle, path)) }

  /// The root: its children are the declarations at file scope.
  public var root: Cursor { Cursor(clang_getTranslationUnitCursor(handle), self) }

  /// The names that lines at the end of the unit's own file declare at file scope; an empty one for what has no name.
  public func declarations(in addition: Addition) -> [String] {
    var names: [String] = []
    for cursor in root.children.reversed() {
      guard let place = cursor.start, place.path == addition.path, place.line >= addition.line else { break }
      names.append(cursor.spelling)
    }
    return names
  }

  /// The names in `#include` directives that led to no file.
  public var unfoundHeaders: [String] {
    errors.compactMap { error in
      guard error.message.hasSuffix("' file not found"), error.message.hasPrefix("'") else { return nil }
      return String(error.message.dropFirst().dropLast("' file not found".count))
    }
  }

  /// Absolute paths of all files that were read, as libclang names them.
  public var includedFiles: [String] {
    var paths: [String] = []
    withUnsafeMutablePointer(to: &paths) { paths in
      clang_getInclusions(
        handle,
        { file, _, _, data in
          guard let file, let data else { return }
          data.assumingMemoryBound(to: [String].self).pointee.append(take(clang_getFileName(file)))
        }, paths)
    }
    return paths
  }

  /// The tokens of a range of one file, given by absolute path and half-open byte offsets.
  public func tokens(path: String, offsets: Range<Int>) -> [Token] {
    guard let file = clang_getFile(handle, path) else { return [] }
    let range = clang_getRange(
      clang_getLocationForOffset(handle, file, UInt32(offsets.lowerBound)),
      clang_getLocationForOffset(handle, file, UInt32(offsets.upperBound)))
    var pointer: UnsafeMutablePointer<CXToken>?
    var count: UInt32 = 0
    clang_tokenize(handle, range, &pointer, &count)
    guard let pointer else { return [] }
    defer { clang_disposeTokens(handle, pointer, count) }
    return UnsafeBufferPointer(start: pointer, count: Int(count)).compactMap { token in
      guard let place = FilePosition(clang_getTokenLocation(handle, token)) else { return nil }
      guard place.offset < offsets.upperBound else { return nil }
      return Token(
        kind: Token.Kind(clang_getTokenKind(token)),
        spelling: take(clang_getTokenSpelling(handle, token)), position: place)
    }
  }
}

/// A file of a parse: cheaper to compare than its path.
public struct SourceFile: Hashable {
  private let handle: CXFile

  init?(_ handle: CXFile?) {
    guard let handle else { return nil }
    self.handle = handle
  }

  public var path: String { take(clang_getFileName(handle)) }
}

/// A lexical token.
public struct Token {
  public enum Kind: Hashable { case punctuation, keyword, identifier, literal, comment }

  public let kind: Kind
  public let spelling: String
  public let position: FilePosition
}

extension Token.Kind {
  init(_ kind: CXTokenKind) {
    switch kind {
    case CXToken_Keyword: self = .keyword
    case CXToken_Identifier: self = .identifier
    case CXToken_Literal: self = .literal
    case CXToken_Comment: self = .comment
    default: self = .punctuation
    }
  }
}

/// A place in a file as libclang names it.
public struct FilePosition: Hashable {
  public let path: String
  public let line: Int
  public let column: Int
  public let offset: Int

  /// Where the code stands in the file that the author wrote: for code from a macro, where the macro is used.
  init?(_ location: CXSourceLocation) {
    self.init(location, clang_getExpansionLocation)
  }

  /// As above, but an argument of a macro is where the author wrote it.
  init?(written location: CXSourceLocation) {
    self.init(location, clang_getFileLocation)
  }

  private init?(
    _ location: CXSourceLocation,
    _ resolve: (
      CXSourceLocation, UnsafeMutablePointer<CXFile?>?, UnsafeMutablePointer<UInt32>?,
      UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?
    ) -> Void
  ) {
    var file: CXFile?
    var line: UInt32 = 0
    var column: UInt32 = 0
    var offset: UInt32 = 0
    resolve(location, &file, &line, &column, &offset)
    guard let file else { return nil }
    path = take(clang_getFileName(file))
    self.line = Int(line)
    self.column = Int(column)
    self.offset = Int(offset)
  }
}

/// The text of a libclang string, which is freed.
func take(_ string: CXString) -> String {
  defer { clang_disposeString(string) }
  guard let text = clang_getCString(string) else { return "" }
  return String(cString: text)
}

private func withCStrings<Answer>(
  _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Answer
) -> Answer {
  var bytes: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(bytes.count)
    bytes.append(contentsOf: string.utf8CString)
  }
  return bytes.withUnsafeBufferPointer { buffer in
    let pointers: [UnsafePointer<CChar>?] = starts.map { start in
      buffer.baseAddress.map { $0 + start }
    }
    return pointers.withUnsafeBufferPointer(body)
  }
}

private func withUnsavedFiles<Answer>(
  _ files: [UnsavedFile], _ body: (inout UnsafeMutableBufferPointer<CXUnsavedFile>) -> Answer
) -> Answer {
  var text: [UInt8] = []
  text.reserveCapacity(files.reduce(0) { $0 + $1.bytes.count + 1 + $1.path.utf8.count + 1 })
  var places: [(name: Int, contents: Int, length: Int)] = []
  for file in files {
    let name = text.count
    text.append(contentsOf: file.path.utf8)
    text.append(0)
    places.append((name, text.count, file.bytes.count))
    text.append(contentsOf: file.bytes)
    text.append(0)
  }
  return text.withUnsafeBufferPointer { buffer in
    var unsaved = places.compactMap { place -> CXUnsavedFile? in
      guard let base = buffer.baseAddress else { return nil }
      let start = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
      return CXUnsavedFile(
        Filename: start + place.name, Contents: start + place.contents,
        Length: UInt(place.length))
    }
    return unsaved.withUnsafeMutableBufferPointer(body)
  }
}
