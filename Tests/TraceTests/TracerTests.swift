import Foundation
import Testing
import WalkerFormula
import WalkerModel
import WalkerTrace

@Suite struct TracerTests {
  @Test func followsTheValueThroughAnOpsTable() throws {
    let traced = try MiniKernel().trace()
    #expect(traced.frames.map(\.function) == ["sys_widget", "round_resize"])
    let indirect = try #require(traced.frames.last).reachedBy
    #expect(indirect.kind == .indirect)
    #expect(indirect.through == "struct widget_ops.resize")
    #expect(indirect.table == "round_ops")
    #expect(indirect.rejected.map(\.function) == ["flat_resize"])
    #expect(indirect.rejected.first?.why.contains("kind is 2") == true)
  }

  @Test func derivesTheClampAsAnUnsignedMinimum() throws {
    let traced = try MiniKernel().trace()
    #expect(try traced.stored().text == "min((u32) size, (u32) widget_cap)")
    let clamps = traced.frames[0].steps.filter { $0.kind == .clamp }
    #expect(clamps.map(\.text) == ["min((u32) size, (u32) widget_cap)"])
    #expect(clamps.map(\.location.line) == [9])
  }

  @Test func keepsTheSignOfASignedClamp() throws {
    var kernel = MiniKernel()
    kernel.files["widget/entry.c"] = kernel.files["widget/entry.c"]?.replacingOccurrences(
      of: "(u32)size > (u32)cap", with: "size > cap")
    #expect(try kernel.trace().stored().text == "(u32) min(size, widget_cap)")
  }

  @Test func narrowsAStoreToTheFieldsWidth() throws {
    var kernel = MiniKernel()
    kernel.field = "struct widget.narrow"
    kernel.files["widget/round.c"] = MiniKernel.round("w->narrow = size;")
    let traced = try kernel.trace()
    #expect(try traced.stored().text == "(u16) min((u32) size, (u32) widget_cap)")
    #expect(traced.frames.last?.steps.map(\.kind) == [.narrow, .store])
  }

  @Test func takesTheLastOfTwoStores() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = 0; w->room = size; ")
    #expect(try kernel.trace().stored().text == "min((u32) size, (u32) widget_cap)")
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = size; w->room = 3; ")
    #expect(try kernel.trace().stored().text == "3")
  }

  @Test func walksStatementExpressionsOfMacros() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = clamp_to(size, 16);")
    #expect(try kernel.trace().stored().text.contains("16"))
    #expect(try kernel.trace().stored().text.hasPrefix("min("))
  }

  @Test func unrollsALoopThatCountsToTheValue() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round("for (w->room = 3; (1ull << w->room) < (u32)size; w->room++) ;")
    let value = try kernel.trace().stored()
    let size = try #require(value.inputs.first { $0.role == .tracked })
    let cap = try #require(value.inputs.first { $0.role != .tracked })
    for (number, log) in [(0, 3), (8, 3), (9, 4), (1 << 20, 20), ((1 << 20) + 1, 21)] {
      #expect(try value.evaluate([size: Int128(number), cap: Int128(Int32.max)]) == Int128(log))
    }
  }

  @Test func leavesOpenWhatAnUntoldLoopWrites() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round(
      "w->room = size; while (find_slot(w->state)) w->room = 5;")
    let text = try kernel.trace().stored().text
    #expect(text != "5")
    #expect(text != "min((u32) size, (u32) widget_cap)")
  }

  @Test func countsAThresholdAgainstTheStoredLimit() throws {
    let traced = try MiniKernel().trace()
    guard case .threshold(let counter, let test)? = traced.results[1].derivation?.form else {
      Issue.record("no threshold: \(traced.results[1].why ?? "")")
      return
    }
    #expect(counter.name == "spare")
    #expect(test.text == "(u32) spare > min((u32) size, (u32) widget_cap)")
  }

  @Test func namesAWaypointThatIsGone() throws {
    var kernel = MiniKernel()
    kernel.waypoints = ["round_resize", "finish_resize"]
    let traced = try kernel.trace()
    #expect(
      traced.findings.contains { $0.id == "walker.call-path.missing-waypoint" && $0.summary.contains("finish_resize") })
  }

  @Test func namesAFunctionWhoseDefinitionIsGone() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = kernel.files["widget/round.c"]?.replacingOccurrences(
      of: "static int round_resize(struct widget *w, int size)",
      with: "int round_resize(struct widget *w, int size);\nstatic int elsewhere(struct widget *w, int size)")
    let traced = try kernel.trace()
    #expect(traced.findings.contains { $0.severity == .error && $0.summary.contains("round_resize") })
    #expect(traced.results[0].derivation == nil)
  }

  @Test func listsACallThatIsNotEnteredAsAnOpenEnd() throws {
    #expect(try MiniKernel().trace().openEnds.map(\.call) == ["check_widget"])
  }

  @Test func saysWhereAWalkedFunctionDoesNotCompile() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = size; w->room = undeclared;")
    let findings = try kernel.trace().findings.filter { $0.id == "walker.parse.error" }
    #expect(findings.count == 1)
    #expect(findings.first?.location?.file == "net/round.c")
  }

  @Test func doesNotEnterRecursionTwice() throws {
    var kernel = MiniKernel()
    kernel.files["widget/round.c"] = MiniKernel.round(
      "w->room = again(size);", before: "static int again(int n) { return n > 9 ? again(n - 1) : n; }")
    #expect(try kernel.trace().findings.contains { $0.id == "walker.call-path.recursion" })
  }

  @Test func failsOnAKernelWithoutTheEntry() throws {
    var kernel = MiniKernel()
    kernel.files["widget/entry.c"] = "int nothing;\n"
    #expect(throws: UserError.self) { try kernel.trace() }
  }

  @Test func rejectsNothingSilentlyWhenTwoCandidatesFit() throws {
    var kernel = MiniKernel()
    kernel.files["widget/flat.c"] = kernel.files["widget/flat.c"]?.replacingOccurrences(
      of: ".kind = 2", with: ".kind = 1")
    #expect(try kernel.trace().findings.contains { $0.id == "walker.call-path.ambiguous" })
  }
}
