import Testing
import WalkerModel

@testable import WalkerRender

@Test func fuzzedProse() throws {
  let text = """
    Some *emphasis* and __strong__ and ``code ` in it``, [a link](https://example.org "t"), ![image](x.png), <https://x.org>.

    > quoted
    > > deeper
    - one
      1. two
         - three

    ```c
    int x;
    ```
    | a | `b|c` |
    |---|:---:|
    | 1 | \\| |
    # Heading
    ***
    <b>raw</b> &amp; &#1; \\* [x]: y
    """
  try Fuzz.run("prose", [Array(text.utf8)]) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    _ = MarkdownText(width: 60, tracked: ["x"]).lines(text)
    _ = MarkdownDocument(text).markdown(headingLevel: 2, width: 70)
    let html = MarkdownDocument(text).html(headingLevel: 2)
    #expect(!html.lowercased().contains("href=\"javascript"))
  }
}
