import Testing
import WalkerModel

@testable import WalkerFormula
@testable import WalkerRender

@Test(arguments: [
  ("w->state != WIDGET_CLOSED", "w->state == WIDGET_CLOSED"),
  ("!w", "w"),
  ("w", "!w"),
  ("unlikely(err)", "!err"),
  ("likely((w->room < 5))", "w->room >= 5"),
  ("a || !b", "!a && b"),
  ("a && b == c", "!a || b != c"),
  ("(a || b) && c", "!a && !b || !c"),
  ("!((1 << old) & (ONE | TWO))", "(1 << old) & (ONE | TWO)"),
  ("(1 << old) & ONE", "!((1 << old) & ONE)"),
  ("w->used - f(x->y) > 3", "w->used - f(x->y) <= 3"),
  ("flags & (A_FLAG | B_FLAG)", "!(flags & (A_FLAG | B_FLAG))"),
])
func turnsAConditionIntoItsOpposite(_ pair: (source: String, opposite: String)) {
  #expect(ConditionSource(pair.source).negated == pair.opposite)
}

private let file = MiniFile(
  "drivers/widget/core.c", firstLine: 10,
  """
  int widget_open(struct widget *w, int room)
  {
  \tint err = -EINVAL;

  \tif (w->state != WIDGET_CLOSED)
  \t\tgoto out;
  \tif (!w->ready)
  \t\treturn -EAGAIN;

  \terr = widget_check(w);
  \tif (err)
  \t\tgoto out;
  \tif (w->fresh) {
  \t\tw->fresh = 0;
  \t\terr = gadget_open(w, room);
  \t}
  \twhile (w->busy) {
  \t\tif (err)
  \t\t\tgoto out;
  \t\terr = widget_wait(w);
  \t}
  out:
  \treturn err;
  }
  """)

private func condition(_ line: Int, _ source: String, _ value: Expression) -> PathCondition {
  PathCondition(
    location: file.place(line, source).start, source: source, value: value, text: value.displayText,
    dependsOnTracked: false)
}

private func given(_ conditions: [PathCondition], calledAt line: Int = 24, showsSource: Bool = true) -> [String] {
  let outer = Frame(
    role: .path, function: "widget_open", spelling: "widget_open", location: file.location(10), endLine: 33,
    parameter: "room", leftBehind: nil, reachedBy: ReachedBy(kind: .entry, location: file.location(10)), steps: [],
    pathCondition: [],
    exits: [14, 16, 20, 27].map { line in
      let source = [14: "w->state != WIDGET_CLOSED", 16: "!w->ready", 20: "err", 27: "err"][line] ?? ""
      return ErrorExit(location: file.place(line, source).start, source: source, returns: line == 16 ? "-EAGAIN" : nil)
    }, excerpt: file.excerpt)
  let inner = Frame(
    role: .path, function: "gadget_open", spelling: "gadget_open",
    location: SourceLocation(file: "drivers/widget/gadget.c", line: 1), endLine: 9, parameter: "room", leftBehind: nil,
    reachedBy: ReachedBy(kind: .direct, location: file.place(line, "gadget_open").start), steps: [],
    pathCondition: conditions, exits: [],
    excerpt: SourceExcerpt(file: "drivers/widget/gadget.c", firstLine: 1, lines: [], tokens: []))
  let walk = MiniKernel.walk(frames: [outer, inner], sideFrames: [])
  let words = ConditionWords(walk: walk, showsSource: showsSource)
  return conditions.isEmpty ? words.fails(outer).map(\.text) : words.given(inner).map(\.text)
}

private let state = Expression.input(Input(id: "o", name: "pointer->state", role: .opaque, type: .s32))

@Test func saysWhatIsGivenInTheSourcesWords() {
  let closed = Expression.compare(.equal, state, .constant(1, .s32))
  #expect(given([condition(14, "w->state != WIDGET_CLOSED", closed)]) == ["w->state == WIDGET_CLOSED"])
  #expect(given([condition(16, "!w->ready", closed)]) == ["w->ready"])
  #expect(given([condition(20, "err", closed)]) == ["!err, from widget_check()"])
  #expect(given([condition(22, "w->fresh", closed)]) == ["w->fresh"])
  #expect(given([condition(14, "w->state != WIDGET_CLOSED", closed)], showsSource: false) == ["state == 1"])
}

@Test func leavesOutWhatIsAlwaysTrueAndWhatIsTooLong() {
  let trivial = Expression.or(
    .compare(.equal, state, .constant(1, .s32)), .compare(.notEqual, state, .constant(1, .s32)))
  #expect(given([condition(14, "w->state != WIDGET_CLOSED", .true)]).isEmpty)
  #expect(given([condition(14, "w->state != WIDGET_CLOSED", trivial)]).isEmpty)
  let long = (0..<40).map { Expression.compare(.equal, state, .constant($0 * 3, .s32)) }
  let words = given([condition(14, "w->state != WIDGET_CLOSED", .or(long))], showsSource: false)
  #expect(words.count == 1 && words[0].hasPrefix("a condition of "))
}

@Test func namesTheErrorAndItsOrigin() {
  #expect(
    given([]) == [
      "-EINVAL when w->state != WIDGET_CLOSED", "-EAGAIN when !w->ready", "what widget_check() returned when err",
      // A turn before may have set it.
      "leaves early when err",
    ])
}

@Test func keepsHowTheCallFailedOutOfATest() {
  let test = MiniKernel.test
  let frame = Frame(
    role: .test, function: test.function, spelling: test.spelling, location: test.location, endLine: test.endLine,
    parameter: nil, leftBehind: nil, reachedBy: test.reachedBy, steps: [],
    pathCondition: [condition(14, "w->state != WIDGET_CLOSED", .compare(.equal, state, .constant(1, .s32)))], exits: [],
    excerpt: test.excerpt)
  let walk = MiniKernel.walk(sideFrames: [frame])
  #expect(ConditionWords(walk: walk, showsSource: true).given(frame).isEmpty)
}
