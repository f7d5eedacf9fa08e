import Testing
import WalkerAnnotation
import WalkerModel

private let good = """
  ---
  title: How widget_open() finds room
  entry: {syscall: widget_open}
  track: room
  waypoints: [widget_reserve]
  when: {family: AF_WIDGET, kind: 7}
  assume: "flags == 0"
  results:
    room-limit:
      stored-in: struct widget.room
      eras:
        - id: wide
          claim: (u32) min((u32) room, (u32) widget_max)
        - {id: narrow, claim: "(u16) room"}
    full-at:
      title: When it is full
      threshold: {test: widget_is_full, counter: [struct widget.used, struct widget.old_used]}
  ---

  Widgets have *room*.

  ## The cap {#cap}

  ```anchor
  function: [widget_open, do_widget_open]
  role: clamp
  ```

  Nobody gets more.

  ```c
  ## not a heading
  ```

  ### A heading within

  More.

  ## The store {#store}
  ```anchor
  function: widget_reserve
  role: store
  field: struct widget.room
  mentions: [room]
  era: [wide]
  results: room-limit
  optional: true
  ```
  Stored.
  """

private func read(_ text: String) throws -> Walkthrough {
  try WalkthroughReader.read(text, name: "widget", file: "Annotations/widget/walkthrough.md")
}

@Test func readsEveryPartOfAWalkthrough() throws {
  let walkthrough = try read(good)
  #expect(walkthrough.name == "widget")
  #expect(walkthrough.title == "How widget_open() finds room")
  #expect(walkthrough.entry == .syscall("widget_open"))
  #expect(walkthrough.track == "room")
  #expect(walkthrough.waypoints == ["widget_reserve"])
  #expect(walkthrough.conditions == [.init(field: "family", value: "AF_WIDGET"), .init(field: "kind", value: "7")])
  #expect(walkthrough.assumptions == ["flags == 0"])
  #expect(walkthrough.introduction == "Widgets have *room*.")
  #expect(walkthrough.results.map(\.id) == ["room-limit", "full-at"])
  #expect(walkthrough.results[0].subject == .storedIn(["struct widget.room"]))
  #expect(walkthrough.results[0].eras.map(\.id) == ["wide", "narrow"])
  #expect(walkthrough.results[0].eras[0].claim == "(u32) min((u32) room, (u32) widget_max)")
  #expect(
    walkthrough.results[1].subject
      == .threshold(
        .init(
          test: ["widget_is_full"], counter: ["struct widget.used", "struct widget.old_used"], until: [],
          assumptions: [])))
  #expect(walkthrough.results[1].title == "When it is full")
  #expect(walkthrough.annotations.map(\.id) == ["cap", "store"])
  let cap = walkthrough.annotations[0]
  #expect(cap.title == "The cap")
  #expect(cap.anchor.function == ["widget_open", "do_widget_open"])
  #expect(cap.anchor.role == .clamp)
  #expect(cap.prose.hasPrefix("Nobody gets more.") && cap.prose.hasSuffix("### A heading within\n\nMore."))
  let store = walkthrough.annotations[1].anchor
  #expect(store.of == ["struct widget.room"] && store.mentions == ["room"] && store.isOptional)
  #expect(store.eras == ["wide"] && store.results == ["room-limit"])
}

@Test func locatesClaimsAndSectionsInTheFile() throws {
  let lines = good.split(separator: "\n", omittingEmptySubsequences: false)
  func line(of text: String) throws -> Int { try #require(lines.firstIndex { $0.contains(text) }) + 1 }
  let walkthrough = try read(good)
  let result = try line(of: "room-limit:")
  #expect(walkthrough.results[0].location.line == result)
  let claim = try line(of: "claim: (u32)")
  #expect(walkthrough.results[0].eras[0].location.line == claim)
  #expect(walkthrough.results[0].eras[0].location.column == 16)
  let store = try line(of: "## The store")
  #expect(walkthrough.annotations[1].location.line == store)
  #expect(walkthrough.annotations[1].location.file == "Annotations/widget/walkthrough.md")
}

@Test func readsFilesOfOtherSystems() throws {
  let windows = "\u{FEFF}" + good.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  let both = try [read(windows), read(good)]
  #expect(both[0] == both[1])
}

/// One change to the good walkthrough, and what the message must then say.
struct Slip: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let expected: [String]

  init(_ old: String, _ new: String, _ expected: String...) {
    (self.old, self.new, self.expected) = (old, new, expected)
  }

  var testDescription: String { "\(old) -> \(new)" }
}

@Test(arguments: [
  Slip("waypoints:", "waypoint:", ":5:", "unknown key \"waypoint\"", "did you mean \"waypoints\"?"),
  Slip("track: room", "track: []", ":4:", "is an empty list"),
  Slip("track: room", "track: {as: int}", ":4:", "one of \"user\", \"pointer\" and \"parameter\""),
  Slip("track: room", "track: {user: p, feild: x}", ":4:", "did you mean \"field\"?"),
  Slip("track: room", "track: {parameter: p, as: int}", ":4:", "leave them out"),
  Slip("track: room", "track:", ":4:", "is empty"),
  Slip("title: How widget_open() finds room\n", "", "lacks \"title\""),
  Slip("entry: {syscall: widget_open}", "entry: {sycall: x}", ":3:", "did you mean \"syscall\"?"),
  Slip("entry: {syscall: widget_open}", "entry: {}", ":3:", "one of \"syscall\" and \"function\""),
  Slip("entry: {syscall: widget_open}", "entry: widget_open", ":3:", "must be a mapping"),
  Slip("stored-in: struct", "threshhold: struct", ":10:", "did you mean \"threshold\"?"),
  Slip("    stored-in: struct widget.room\n", "", ":9:", "\"room-limit\"", "stored-in"),
  Slip("counter: [struct widget.used, struct widget.old_used]", "until: x", ":17:", "lacks \"counter\""),
  Slip("{id: narrow,", "{id: wide,", ":14:", "era \"wide\" is that of line 13 already"),
  Slip("{id: narrow,", "{id: nar row,", ":14:", "not an era's id"),
  Slip("  full-at:", "  room-limit:", "\"room-limit\" stands twice"),
  Slip("track: room", "track: \"room", "is not YAML"),
  Slip("---\n\nWidgets", "\nWidgets", "is not closed"),
  Slip("---\ntitle", "title", ":1:", "lacks its front matter"),
  Slip("## The store {#store}", "## The store", "heading \"The store\" lacks its id", "{#short-name}"),
  Slip("{#store}", "{#cap}", "id \"cap\" is that of line 22 already"),
  Slip("{#store}", "{#st ore}", "is not an id"),
  Slip("```anchor\nfunction: [w", "```yaml\nfunction: [w", ":22:", "lacks its anchor"),
  Slip("role: clamp", "role: clmap", ":26:", "unknown role \"clmap\"", "did you mean \"clamp\"?"),
  Slip("role: clamp", "rle: clamp", ":26:", "unknown key \"rle\""),
  Slip("function: [widget_open, do_widget_open]\n", "", "lacks \"function\""),
  Slip("field: struct widget.room", "field: a\nof: b", "\"of\" and \"field\", which mean the same"),
  Slip("era: [wide]", "era: [wid]", ":45:", "unknown era \"wid\"", "did you mean \"wide\"?"),
  Slip("results: room-limit", "results: rom-limit", ":46:", "did you mean \"room-limit\"?"),
  Slip("assume: \"flags == 0\"", "assume: \"flags are 0\"", ":7:", "\"flags are 0\" is not an assumption"),
  Slip("stored-in: struct widget.room", "stored-in: struct widget.room\n    optional: yes", "must be true or false"),
  Slip("optional: true", "optional: 1", ":47:", "must be true or false"),
  Slip("optional: true\n```", "optional: true", "is not closed"),
  Slip("Stored.", "```anchor\nrole: clamp\n```", "second anchor block"),
])
func reportsASlipWithItsPlaceAndRemedy(_ slip: Slip) throws {
  let text = good.replacing(slip.old, with: slip.new, maxReplacements: 1)
  #expect(text != good)
  let error = try #require(throws: UserError.self) { try read(text) }
  #expect(error.message.hasPrefix("Annotations/widget/walkthrough.md:"))
  for part in slip.expected { #expect(error.message.contains(part), "\(error.message)") }
  #expect(!error.message.contains("\n"))
}

@Test func readsTheAnswerAndItsExample() throws {
  func read(_ keys: String) throws -> Answer? {
    let text = """
      ---
      title: T
      \(keys)
      entry: {syscall: resize}
      track: size
      results:
        limit: {stored-in: struct widget.room}
      ---
      """
    let walkthrough = try WalkthroughReader.read(text, name: "t", file: "w.md")
    #expect(try WalkthroughReader.answer(text, file: "w.md") == walkthrough.answer)
    return walkthrough.answer
  }
  #expect(try read("example: 0x1ff")?.example == [.init(name: "size", number: 511)])
  let answer = try read(
    "answer: \"{{size}} and {{net.widget.cap}} on {{version}}: {{limit}}\"\nexample: {net.widget.cap: 5, size: -1}")
  #expect(answer?.example == [.init(name: "size", number: -1), .init(name: "net.widget.cap", number: 5)])
  #expect(try read("waypoints: [f]") == nil)
  for (keys, message) in [
    ("answer: \"{{limt}}\"", "did you mean \"limit\"?"), ("example: many", "must be a whole number"),
    ("example: {\"a b\": 1}", "is no input"),
  ] {
    #expect { try read(keys) } throws: { error in "\(error)".contains(message) && "\(error)".hasPrefix("w.md:3:") }
  }
}

@Test func readsWhatRealKernelsAnswered() {
  let text = """
    | kernel | 6.12 |
    |---|---|
    | limit | ✓ 128 |

    ## 6.12

    Linux 6.12.117, booted: 6.12-amd64.

    | result | derived | agree | differ | not observed |
    |---|---|---|---|---|
    | limit | `a | b` | 127 | 0 | 1 |
    """
  #expect(
    AgreementReader.read(text) == [
      Agreement(version: "6.12.117", result: "limit", agree: 127, differ: 0, notObserved: 1)
    ])
}

private func probed(_ probes: String) throws -> Probes? {
  try read(good.replacing("\n---\n\nWidgets have", with: "\nprobes:\n" + probes + "\n---\n\nWidgets have")).probes
}

@Test func readsWhatIsSoWhereAKernelIsAsked() throws {
  let probes = try #require(
    try probed(
      """
        input: setpriority
        sweep: {room: [1, 2], "rlimit:RLIMIT_NICE": [0, 40], privileged: [0, 1]}
        results:
          room-limit:
            {read: getpriority, times: HZ, given: {slots: 16, limit: "rlimit:RLIMIT_NICE", below: -3}, with: {privileged: 1}}
      """))
  #expect(probes.sweep.map(\.name).sorted() == ["privileged", "rlimit:RLIMIT_NICE", "room"])
  let probe = try #require(probes.results.first)
  #expect(probe.times == .name("HZ"))
  #expect(
    Dictionary(uniqueKeysWithValues: probe.given.map { ($0.name, $0.quantity) })
      == ["slots": .number(16), "limit": .name("rlimit:RLIMIT_NICE"), "below": .number(-3)])
  #expect(probe.with == [Probes.Setting(name: "privileged", number: 1)])
}

@Test func namesTheLimitThatAProbeDoesNotKnow() throws {
  let probes = "  input: setpriority\n  sweep: {\"rlimit:RLIMIT_NICER\": [0]}\n  results: {room-limit: {read: return}}"
  #expect {
    _ = try probed(probes)
  } throws: { "\($0)".contains("RLIMIT_NICER is none of ") && "\($0)".contains("RLIMIT_NICE,") }
  #expect(throws: (any Error).self) { try probed(probes.replacing("\"rlimit:RLIMIT_NICER\"", with: "\"a b\"")) }
}
