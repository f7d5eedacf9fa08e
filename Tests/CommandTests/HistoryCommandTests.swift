import Foundation
import Testing
import WalkerModel

/// Histories of an invented kernel, in repositories that are made here.
@Suite struct HistoryCommandTests {
  private struct Repository {
    let sandbox: Sandbox

    init() throws {
      sandbox = try Sandbox.withEngine()
      try sandbox.make("repo")
      try sandbox.run("git -C repo init -q -b main")
    }

    @discardableResult
    func commit(_ tree: MiniTree, _ subject: String, tag: String? = nil) throws -> String {
      try sandbox.write(tree, "repo")
      try sandbox.run("git -C repo add -A && git -C repo commit -q --allow-empty -m '\(subject)'")
      if let tag { try sandbox.run("git -C repo tag \(tag)") }
      return try id("HEAD")
    }

    func id(_ revision: String) throws -> String {
      try sandbox.run("git -C repo rev-parse '\(revision)'").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func history(_ arguments: String..., status: Int32 = ExitStatus.ok) throws -> [String: Any] {
      let run = try sandbox.walker(["history", "--git", "repo", "--format", "json"] + arguments)
      #expect(run.status == status, "\(run.errors)")
      return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }
  }

  private let capped = MiniTree()
  private let free = MiniTree(limit: "")

  private func ranges(_ history: [String: Any], _ kind: String = "results") -> [[String: Any]] {
    (history[kind] as? [[String: Any]])?.first?["ranges"] as? [[String: Any]] ?? []
  }

  private func spans(_ ranges: [[String: Any]]) -> [String] {
    ranges.map { "\($0["first"] ?? "")..\($0["last"] ?? ""): \($0["formula"] as? String ?? "-")" }
  }

  private func commits(_ range: [String: Any]) -> [String] {
    (range["causes"] as? [[String: Any]] ?? []).map { $0["commit"] as? String ?? "-" }
  }

  @Test func endsAtTheCommit() throws {
    let repository = try Repository()
    try repository.commit(capped, "first", tag: "v1.0")
    var other = capped
    other.files["drivers/flat/other.c"] = "int more;\n"
    try repository.commit(other, "elsewhere")
    // Reordered text of the same meaning.
    var same = other
    same.limit = "room = (u32)room > widget_cap ? widget_cap : room;"
    try repository.commit(same, "write it shorter", tag: "v1.1")
    var changed = same
    changed.limit = ""
    let change = try repository.commit(changed, "drop the limit")
    var later = changed
    later.files["drivers/flat/other.c"] = "int most;\n"
    try repository.commit(later, "elsewhere again", tag: "v1.2")
    // Versions count, not the order of tags or dates: 1.10 is after 1.2.
    let back = try repository.commit(capped, "Revert \"drop the limit\"", tag: "v1.10")
    let history = try repository.history()
    let ranges = ranges(history)
    #expect(
      spans(ranges) == [
        "v1.0..v1.1: min((u32) room, cap)", "v1.2..v1.2: (u32) room", "v1.10..v1.10: min((u32) room, cap)",
      ])
    #expect(ranges.map { $0["era"] as? String } == ["capped", "free", "capped"])
    #expect(ranges.map(commits) == [[], [change], [back]])
    let text = try repository.sandbox.walker("history", "--git", "repo", "--tags", "v*")
    #expect(text.output.contains("by \(change.prefix(12)) \"drop the limit\""), "\(text.output)")
    // All of it is known now.
    let calls = repository.sandbox.calls
    _ = try repository.history()
    #expect(repository.sandbox.calls == calls)
  }

  @Test func findsTheCommitOnABranchThatWasMerged() throws {
    let repository = try Repository()
    try repository.commit(capped, "first", tag: "v1.0")
    try repository.sandbox.run("git -C repo checkout -q -b side")
    let change = try repository.commit(free, "drop the limit")
    try repository.sandbox.run("git -C repo checkout -q main")
    var main = capped
    main.files["net/other.c"] = "int main_line;\n"
    try repository.commit(main, "main goes on")
    try repository.sandbox.run("git -C repo merge -q --no-ff -m 'Merge side' side && git -C repo tag v1.1")
    #expect(ranges(try repository.history()).map(commits) == [[], [change]])
  }

  @Test func tellsABackportFromTheChangeItself() throws {
    let repository = try Repository()
    try repository.commit(capped, "first", tag: "v1.0")
    try repository.sandbox.run("git -C repo checkout -q -b stable")
    let port = try repository.commit(free, "drop the limit, ported", tag: "v1.0.7")
    try repository.sandbox.run("git -C repo checkout -q main")
    var main = capped
    main.files["net/other.c"] = "int main_line;\n"
    try repository.commit(main, "main goes on", tag: "v1.1")
    let ranges = ranges(try repository.history())
    #expect(ranges.map { $0["first"] as? String } == ["v1.0", "v1.0.7", "v1.1"])
    #expect(ranges.map(commits) == [[], [port], [port]])
    let last = (ranges.last?["causes"] as? [[String: Any]])?.first?["subject"] as? String
    #expect(last == "drop the limit, ported (on the way to v1.0.7)")
  }

  @Test func passesOverWhatCannotBeWalked() throws {
    let repository = try Repository()
    var empty = MiniTree()
    empty.files["net/widget.c"] = "int nothing;\n"
    try repository.commit(empty, "no such call yet", tag: "v0.9")
    try repository.commit(capped, "first", tag: "v1.0")
    let change = try repository.commit(free, "drop the limit")
    try repository.commit(empty, "lose the file")
    try repository.commit(free, "find it again", tag: "v1.1")
    var broken = free
    broken.files["net/round.c"] = capped.all["net/round.c"]?.replacingOccurrences(of: "room +", with: "no_such_name +")
    let breaking = try repository.commit(broken, "break it", tag: "v1.2")
    let history = try repository.history(status: ExitStatus.unchecked)
    let unwalked = try #require(history["unwalked"] as? [[String: Any]])
    #expect(unwalked.map { $0["kernel"] as? String } == ["v0.9"])
    #expect((unwalked.first?["why"] as? String)?.contains("widget_open") == true)
    let ranges = ranges(history)
    #expect(spans(ranges) == ["v1.0..v1.0: min((u32) room, cap)", "v1.1..v1.1: (u32) room", "v1.2..v1.2: -"])
    #expect((ranges.last?["why"] as? String)?.hasPrefix("not derivable") == true)
    #expect(ranges.map(commits) == [[], [change], [breaking]])
  }

  @Test func foldsKernelsWithoutAClone() throws {
    let sandbox = try Sandbox.withEngine()
    for (name, tree) in [
      ("new", MiniTree(version: "1.10.0", limit: "")), ("old", MiniTree(version: "1.2.0")),
      ("older", MiniTree(version: "1.1.0")),
    ] {
      try sandbox.write(tree, "kernels/\(name)")
    }
    let run = try sandbox.walker("history", "--kernel", "kernels/*")
    #expect(run.status == 0)
    #expect(
      run.output == """
        How widget_open() finds room
        3 kernels, older to new

        room-limit  1 change
          older .. old  min((u32) room, cap)
                        capped, net/round.c:4
          new           (u32) room
                        free, net/round.c:4

        net.widget.cap  default, no change
          older .. old  64
                        net/widget.c:2

        """)
  }

  @Test(arguments: [
    ([], "name kernels with --kernel, or a clone with --git"),
    (["--kernel", "one", "--tags", "v*"], "--tags are those of a clone"),
    (["--git", "nowhere"], "there is no git clone"), (["--git", "mini"], "git can't read"),
  ])
  func refusesWhatIsNoHistory(_ arguments: [String], _ message: String) throws {
    let run = try Sandbox().walker(["history"] + arguments)
    #expect(run.status != 0)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
