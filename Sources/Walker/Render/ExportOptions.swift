/// How walks are exported.
public struct ExportOptions: Sendable, Hashable {
  /// False leaves every line of kernel text out; positions and expressions stay.
  public let showsSource: Bool
  /// nil: places are not linked.
  public let browser: KernelBrowser?
  /// For a Jekyll blog: the date in the article's front matter; nil for plain GitHub-flavoured Markdown.
  public let jekyllDate: String?

  public init(showsSource: Bool = true, browser: KernelBrowser? = nil, jekyllDate: String? = nil) {
    self.showsSource = showsSource
    self.browser = browser
    self.jekyllDate = jekyllDate
  }
}
