import Testing
import WalkerModel

@testable import WalkerAnnotation

@Test func fuzzedWalkthroughs() throws {
  let text = """
    ---
    title: "How widget_open() finds room"
    entry: {syscall: widget_open}
    track: room
    via: [widget_check]
    when: {kind: 1, family: [A, B]}
    results:
      room-limit:
        title: The limit
        stored-in: struct widget.room
        eras:
          - {id: capped, claim: "min((u32) room, cap)"}
          - id: free
            claim: (u32) room
    ---
    Widgets, with *emphasis* and `code`.

    ## The store {#store}
    ```anchor
    function: [round_open, other_open]
    role: store
    of: struct widget.room
    optional: true
    ```
    It is kept, [see](https://example.org).

    ### More
    > quoted

    | a | b |
    |---|---|
    | 1 | 2 |
    """
  try Fuzz.run("walkthroughs", [Array(text.utf8)]) { bytes in
    _ = try WalkthroughReader.read(
      String(decoding: bytes, as: UTF8.self), name: "widget-room", file: "a/walkthrough.md")
  }
}
