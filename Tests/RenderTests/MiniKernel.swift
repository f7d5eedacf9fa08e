import WalkerModel

/// The walk of an invented kernel, made by hand: a cap by a knob, an ops table, a store, a waypoint without the value
/// and the test that a threshold rests on. The C was written for this purpose.
enum MiniKernel {
  static let core = MiniFile(
    "drivers/widget/core.c", firstLine: 38,
    """
    /* Opens a widget with room for some gadgets. */
    int widget_open(struct widget *w, int room)
    {
    \tunsigned int most;
    \tint err = -EINVAL;

    \tif (!w)
    \t\tgoto out;

    \tmost = READ_LATEST(w->net->widget_max);
    \tif ((unsigned int)room > most)
    \t\troom = most;

    \terr = watch_widget_open(w, room);
    \tif (!err)
    \t\terr = w->ops->open(w, room);
    out:
    \treturn err;
    }
    """)
  static let gadget = MiniFile(
    "drivers/widget/gadget.c", firstLine: 71,
    """
    static int gadget_open(struct widget *w, int room)
    {
    \tstruct gadget *g = gadget_of(w);
    \tint err;

    \tif (w->state != WIDGET_CLOSED)
    \t\treturn -EBUSY;

    \terr = gadget_prepare(g);
    \tif (err)
    \t\treturn err;

    \tgadget_log(g, "a widget is opened for a gadget, which may take a while on a slow bus");
    \tw->room = room;
    \treturn gadget_reserve(g);
    }
    """)
  static let reserve = MiniFile(
    "drivers/widget/reserve.c", firstLine: 12,
    """
    int gadget_reserve(struct gadget *g)
    {
    \tspin_lock_init(&g->lock);
    \tg->head = NULL;
    \treturn 0;
    }
    """)
  static let header = MiniFile(
    "include/widget/widget.h", firstLine: 90,
    """
    static inline bool widget_is_full(const struct widget *w)
    {
    \treturn w->used > w->room;
    }
    """)

  static let room = Expression.input(Input(id: "room", name: "room", role: .tracked, type: .s32))
  static let most = Expression.input(Input(id: "widget_max", name: "widget_max", role: .knob, type: .u32))
  static let capped = Expression(.binary(.minimum, Expression(.convert(room), .u32), most), .u32)
  static let cappedText = "min((u32) room, widget_max)"

  static func kernel(name: String = "mini", version: String = "1.0.3") -> KernelIdentity {
    KernelIdentity(
      name: name, version: version, source: "folder:\(name)",
      configuration: .init(source: "default", sha256: "00", depends: ["CONFIG_WIDGET"]))
  }

  static func walk(
    frames: [Frame] = MiniKernel.frames, sideFrames: [Frame] = [test],
    annotations: [BoundAnnotation] = MiniKernel.annotations, results: [WalkResult] = MiniKernel.results,
    findings: [Finding] = [], kernel: KernelIdentity = kernel()
  ) -> Walk {
    var walk = Walk(
      walkthrough: "widget-room", title: "How `widget_open()` finds room",
      kernel: kernel,
      tracked: Input(id: "room", name: "room", role: .tracked, type: .s32), frames: frames, sideFrames: sideFrames,
      reaches: [
        Reach(
          field: "struct widget.room", function: "gadget_open", location: gadget.place(84, "w->room").start,
          value: capped, formula: cappedText, onPath: true)
      ], results: results,
      openEnds: [
        OpenEnd(
          call: "watch_widget_open", location: core.place(51, "watch_widget_open").start,
          why: "its body is not in this tree")
      ],
      knobs: [
        Knob(
          name: "widget.max", variable: "widget_max", storage: "struct widget_net.widget_max", type: .u32,
          defaultValue: 4096, defaultFormula: nil, defaultLocation: nil, minimum: 0, maximum: 65535,
          location: SourceLocation(file: "drivers/widget/sysctl.c", line: 20)),
        Knob(
          name: "widget.wait", variable: "widget_wait", storage: "widget_wait", type: .s32, defaultValue: nil,
          defaultFormula: "max(128, buckets / 128)", defaultLocation: nil, minimum: nil, maximum: nil,
          location: SourceLocation(file: "drivers/widget/sysctl.c", line: 27)),
      ], annotations: annotations,
      introduction: "You ask for *room*; the kernel decides how much you get. Two numbers matter:\n\n"
        + "- `room`, which you pass, and\n- the knob [widget.max](https://example.org/widget), which **caps** it.",
      findings: findings,
      coverage: .init(annotations: annotations.count + 1, bound: annotations.count, otherEra: 1, unbound: 0),
      files: ["drivers/widget/core.c", "drivers/widget/gadget.c", "include/widget/widget.h"])
    walk.answer = Answer(
      sentence: "open(w, {{room}}) on Linux {{version}}: room for {{room-limit}} gadgets",
      example: [Probes.Setting(name: "room", number: 500)])
    return walk
  }

  static var frames: [Frame] {
    [
      Frame(
        role: .path, function: "widget_open", spelling: "widget_open", location: core.location(39), endLine: 56,
        parameter: "room", leftBehind: nil, reachedBy: ReachedBy(kind: .entry, location: core.location(39)),
        steps: [
          ValueStep(
            kind: .clamp, range: core.place(49, "room = most"), value: capped, text: cappedText, target: "room",
            inputs: [room, most], why: "the smaller of both, compared without a sign", annotations: ["cap"]),
          ValueStep(
            kind: .call, range: core.place(53, "w->ops->open(w, room)"), value: capped, text: cappedText,
            target: "gadget_open", inputs: [capped], why: "the second argument"),
        ],
        pathCondition: [], exits: [ErrorExit(location: core.location(44), source: "!w", returns: "-22")],
        excerpt: core.excerpt),
      Frame(
        role: .path, function: "gadget_open", spelling: "gadget_open", location: gadget.location(71), endLine: 86,
        parameter: "room", leftBehind: nil,
        reachedBy: ReachedBy(
          kind: .indirect, location: core.place(53, "w->ops->open").start, through: "struct widget_ops.open",
          table: "gadget_ops", tableLocation: SourceLocation(file: "drivers/widget/gadget.c", line: 120, column: 2),
          evidence: ["gadget_class registers it for AF_GADGET (drivers/widget/gadget.c:140)"],
          rejected: [
            rejected("gizmo_open", "gizmo_ops", 31, "family is AF_GIZMO"),
            rejected("gizmo_open", "gizmo_raw_ops", 55, "family is AF_GIZMO"),
            rejected("no_widget_open", "null_ops", 12, "never registered"),
          ]),
        steps: [
          ValueStep(
            kind: .store, range: gadget.place(84, "w->room = room"), value: capped, text: cappedText,
            target: "struct widget.room", inputs: [capped], why: "stored", annotations: ["store"])
        ],
        pathCondition: [
          PathCondition(
            location: core.location(52), source: "!err",
            value: Expression(
              .compare(
                .equal,
                .input(Input(id: "c", name: "watch_widget_open()", role: .opaque, type: .s32)), .constant(0, .s32)),
              .bool), text: "watch_widget_open(w, room) == 0",
            dependsOnTracked: false)
        ],
        exits: [
          ErrorExit(location: gadget.location(77), source: "w->state != WIDGET_CLOSED", returns: "-16"),
          ErrorExit(location: gadget.location(81), source: "err", returns: nil),
        ], excerpt: gadget.excerpt),
      Frame(
        role: .path, function: "gadget_reserve", spelling: "gadget_reserve", location: reserve.location(12),
        endLine: 17, parameter: nil, leftBehind: "room is not handed on by gadget_open (drivers/widget/gadget.c:85)",
        reachedBy: ReachedBy(kind: .direct, location: gadget.place(85, "gadget_reserve").start), steps: [],
        pathCondition: [], exits: [], excerpt: reserve.excerpt),
    ]
  }

  static var test: Frame {
    Frame(
      role: .test, function: "widget_is_full", spelling: "widget_is_full", location: header.location(90), endLine: 93,
      parameter: nil, leftBehind: nil, reachedBy: ReachedBy(kind: .test, location: header.location(90)),
      steps: [
        ValueStep(
          kind: .returned, range: header.place(92, "w->used > w->room"), value: .true,
          text: "used > min((u32) room, widget_max)", target: nil, inputs: [capped], why: "the test's value")
      ], pathCondition: [], exits: [], excerpt: header.excerpt)
  }

  static let annotations = [
    BoundAnnotation(
      id: "cap", title: "The kernel caps your number",
      prose: "The comparison is **unsigned**, so a negative `room` is a huge one and becomes `widget_max`.\n\n"
        + "| you ask for | you get |\n|---|---|\n| 5 | 5 |\n| -1 | `widget_max` |", function: "widget_open",
      range: core.place(48, "if ((unsigned int)room > most)", to: 49, "room = most;"), results: ["room-limit"]),
    BoundAnnotation(
      id: "table", title: "One pointer, many widgets", prose: "Each family brings its own table.", function: nil,
      range: SourceRange(
        start: SourceLocation(file: "drivers/widget/gadget.c", line: 118), endLine: 124, endColumn: 2), results: []),
    BoundAnnotation(
      id: "store", title: "Where it is stored",
      prose:
        "From here on every test reads `w->room`:\n\n1. the one for *new* gadgets,\n2. the one that\n   reports it.",
      function: "gadget_open", range: gadget.place(84, "w->room = room"), results: ["room-limit"]),
    BoundAnnotation(
      id: "constant", title: "The default", prose: "It was 128 once.", function: nil,
      range: SourceRange(start: SourceLocation(file: "include/widget/limits.h", line: 7), endLine: 7, endColumn: 30),
      results: []),
  ]

  static let effects = [
    Obligation(
      kind: .call, subject: "watch_widget_open()", location: core.place(51, "watch_widget_open").start,
      why: "may write struct widget.room", state: .trusted, how: "who watches is told, and changes nothing"),
    Obligation(
      kind: .call, subject: "gadget_prepare()", location: gadget.place(79, "gadget_prepare").start,
      why: "is not entered", state: .discharged,
      how:
        "gadget_prepare() writes none of struct widget.net, struct widget.ops, struct widget.room, struct widget.state"),
  ]

  static let results = [
    WalkResult(
      id: "room-limit", kind: .stored,
      derivation: Derivation(
        form: .stored(capped), reachedWhen: .true, undefinedWhen: .false, assuming: .true), formula: cappedText,
      subject: "struct widget.room",
      location: gadget.place(84, "w->room = room").start, era: "wide", proof: .proved, counterexample: nil,
      undefinedWhen: nil, assumptions: ["flags == 0", "widget_max == 64"], restsOn: effects),
    WalkResult(
      id: "full-at", kind: .threshold, derivation: nil, formula: "min((u32) room, widget_max) + 1",
      subject: "widget_is_full", location: header.location(90), era: nil, proof: .refuted,
      counterexample: Counterexample(
        inputs: [.init(name: "room", number: -1), .init(name: "widget_max", number: 4096)], derived: 4097, claimed: nil,
        era: "wide"), undefinedWhen: "widget_max == 4294967295", assumptions: [], restsOn: effects),
    WalkResult(
      id: "wait", kind: .stored, derivation: nil,
      formula: "not derivable: widget_wait is written through a pointer, drivers/widget/core.c:60",
      subject: "struct widget.wait", location: nil, era: nil, proof: .notDerivable, counterexample: nil,
      undefinedWhen: nil, assumptions: []),
  ]

  private static func rejected(_ function: String, _ table: String, _ line: Int, _ why: String) -> RejectedCandidate {
    RejectedCandidate(
      function: function, table: table, location: SourceLocation(file: "drivers/widget/gizmo.c", line: line), why: why)
  }
}

/// A piece of an invented file, with the tokens that a parse would give.
struct MiniFile {
  let path: String
  let excerpt: SourceExcerpt

  init(_ path: String, firstLine: Int, _ text: String) {
    self.path = path
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    excerpt = SourceExcerpt(
      file: path, firstLine: firstLine, lines: lines,
      tokens: lines.enumerated().flatMap { Self.tokens($1, line: firstLine + $0) })
  }

  func location(_ line: Int) -> SourceLocation { SourceLocation(file: path, line: line) }

  /// The range of `text` on `line`, or from there to the end of `lastText` on `last`; line 1 of nothing when it is not there.
  func place(_ line: Int, _ text: String, to last: Int? = nil, _ lastText: String? = nil) -> SourceRange {
    func columns(_ line: Int, _ text: String) -> Range<Int> {
      let index = line - excerpt.firstLine
      guard excerpt.lines.indices.contains(index), let range = excerpt.lines[index].firstRange(of: text) else {
        return 0..<0
      }
      let source = excerpt.lines[index].utf8
      let start = source.distance(from: source.startIndex, to: range.lowerBound) + 1
      return start..<(start + text.utf8.count)
    }
    let end = columns(last ?? line, lastText ?? text)
    return SourceRange(
      start: SourceLocation(file: path, line: line, column: columns(line, text).lowerBound), endLine: last ?? line,
      endColumn: end.upperBound)
  }

  private static func tokens(_ text: String, line: Int) -> [SourceExcerpt.Token] {
    var tokens: [SourceExcerpt.Token] = []
    let bytes = Array(text.utf8)
    func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || Character(Unicode.Scalar(byte)).isLetter || isDigit(byte)
    }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    if text.hasPrefix("/*") {
      return [.init(line: line, column: 1, length: bytes.count, tokenClass: .comment, isTracked: false)]
    }
    var index = 0
    while index < bytes.count {
      var end = index + 1
      var tokenClass = SourceExcerpt.TokenClass.punctuation
      if isWord(bytes[index]) {
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        let word = String(decoding: bytes[index..<end], as: UTF8.self)
        tokenClass =
          switch word {
          case "if", "return", "goto", "static", "inline", "struct", "const": .keyword
          case "int", "unsigned", "bool", "widget", "gadget": .type
          case _ where isDigit(bytes[index]): .literal
          case _ where word == word.uppercased(): .macro
          case _ where end < bytes.count && bytes[end] == UInt8(ascii: "("): .function
          default: .identifier
          }
        tokens.append(
          .init(line: line, column: index + 1, length: end - index, tokenClass: tokenClass, isTracked: word == "room"))
      } else if bytes[index] == UInt8(ascii: "\""), let close = bytes[(index + 1)...].firstIndex(of: bytes[index]) {
        end = close + 1
        tokens.append(.init(line: line, column: index + 1, length: end - index, tokenClass: .literal, isTracked: false))
      } else if bytes[index] > UInt8(ascii: " ") {
        let pair = String(decoding: bytes[index..<min(index + 2, bytes.count)], as: UTF8.self)
        if ["!=", "==", "->", "&&", "||", "<=", ">=", "+=", "|=", "<<", ">>"].contains(pair) { end += 1 }
        tokens.append(
          .init(line: line, column: index + 1, length: end - index, tokenClass: .punctuation, isTracked: false))
      }
      index = end
    }
    return tokens
  }
}
