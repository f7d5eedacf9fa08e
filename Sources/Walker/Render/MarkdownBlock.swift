/// The blocks of a Markdown text as a terminal shows them; a list's items are blocks that follow each other.
indirect enum MarkdownBlock: Hashable {
  /// More than one line where the author broke it.
  case paragraph([StyledLine])
  case heading(StyledLine)
  case item(marker: String, [MarkdownBlock])
  case quote([MarkdownBlock])
  case code([String])
  /// The first row is the head.
  case table([[StyledLine]])
  case rule
}
