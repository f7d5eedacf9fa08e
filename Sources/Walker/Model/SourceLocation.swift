/// A place in a kernel tree: the path relative to the tree's root, line and column from 1.
public struct SourceLocation: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line)" }

  public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

/// Half-open by column: from `start` up to, not including, `endColumn` on `endLine`.
public struct SourceRange: Sendable, Hashable, Codable {
  public let start: SourceLocation
  public let endLine: Int
  public let endColumn: Int

  public init(start: SourceLocation, endLine: Int, endColumn: Int) {
    self.start = start
    self.endLine = endLine
    self.endColumn = endColumn
  }
}

/// Verbatim lines of one function or declaration, with what the parse knows of their tokens.
///
/// Kernel text (GPL-2.0-only): shown to the person who has the tree, never stored by walker outside of its cache.
public struct SourceExcerpt: Sendable, Hashable, Codable {
  public enum TokenClass: String, Sendable, Codable {
    case keyword, identifier, type, function, field, macro, literal, comment, punctuation
  }

  /// Columns are bytes from 1; a token never spans lines (a long comment is one token a line).
  public struct Token: Sendable, Hashable, Codable {
    public let line: Int
    public let column: Int
    public let length: Int
    public let tokenClass: TokenClass
    /// The token names the followed value.
    public let isTracked: Bool

    public init(line: Int, column: Int, length: Int, tokenClass: TokenClass, isTracked: Bool) {
      self.line = line
      self.column = column
      self.length = length
      self.tokenClass = tokenClass
      self.isTracked = isTracked
    }
  }

  public let file: String
  public let firstLine: Int
  /// Without their line ends; bytes that are not UTF-8 are replaced by U+FFFD.
  public let lines: [String]
  public let tokens: [Token]

  public init(file: String, firstLine: Int, lines: [String], tokens: [Token]) {
    self.file = file
    self.firstLine = firstLine
    self.lines = lines
    self.tokens = tokens
  }
}
