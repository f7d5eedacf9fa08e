internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// Finds the commits that changed what something means between two revisions, as `git bisect` would: by the graph, so
/// that merges and branches are right, and only over commits that touch a file which the walks read.
///
/// A commit whose walked files are those of a commit seen before costs no parse. One that can't be walked is passed over.
struct Bisection {
  let clone: GitHistory
  let walks: Walks

  private struct Failure: Error { let why: String }

  /// In order; one that says why when there is no single commit. Throws `UserError` when git fails.
  func causes(of subject: Meaning.Subject, from old: String, to new: String) async throws -> [History.Cause] {
    guard let base = try clone.mergeBase(old, new) else {
      return [.unknown("between \(old) and \(new), whose histories have nothing in common")]
    }
    let (oldest, newest) = (try clone.commit(old).id, try clone.commit(new).id)
    let first = try await meaning(subject, base)
    let before = try await meaning(subject, oldest)
    let after = try await meaning(subject, newest)
    guard let first, let before, let after else {
      return [.unknown("between \(old) and \(new): \(base.prefix(12)), where they parted, can't be walked")]
    }
    var causes: [History.Cause] = []
    if !first.meaning.isSame(as: before.meaning) {
      // The older revision had left the common line: a stable branch that took a change, or lost one.
      causes += try await search(subject, from: (base, first), to: (oldest, before), note: "on the way to \(old)")
    }
    if !first.meaning.isSame(as: after.meaning) {
      causes += try await search(subject, from: (base, first), to: (newest, after), note: nil)
    }
    return causes
  }

  private struct Known {
    let meaning: Meaning
    let files: [String]
  }

  private func meaning(_ subject: Meaning.Subject, _ revision: String) async throws -> Known? {
    do {
      let walk = try await walks.walk(clone.reference(revision, named: String(revision.prefix(12))))
      return Meaning(subject, of: walk).map { Known(meaning: $0, files: walk.functionFiles) }
    } catch is UserError {
      return nil
    }
  }

  private func search(
    _ subject: Meaning.Subject, from start: (revision: String, known: Known), to end: (revision: String, known: Known),
    note: String?
  ) async throws -> [History.Cause] {
    var causes: [History.Cause] = []
    var current = start
    // Each turn ends at a commit after which less is left to explain.
    for _ in 0..<16 where !current.known.meaning.isSame(as: end.known.meaning) {
      do {
        let (commit, known) = try await firstOther(subject, than: current, in: end)
        let told = try clone.commit(commit)
        let words = note.map { "\(told.subject) (\($0))" } ?? told.subject
        causes.append(.commit(id: told.id, subject: words, text: known.meaning.text))
        current = (commit, known)
      } catch let failure as Failure {
        return causes + [.unknown(failure.why)]
      }
    }
    return causes
  }

  /// A commit that means something else than `good`, while all of its parents mean the same as that.
  private func firstOther(
    _ subject: Meaning.Subject, than good: (revision: String, known: Known), in end: (revision: String, known: Known)
  ) async throws -> (String, Known) {
    var same = [good.revision]
    var other = end
    var paths = Set(good.known.files).union(end.known.files).sorted()
    var passedOver: Set<String> = []
    while true {
      let candidates = try clone.halving(other.revision, without: same, paths: paths).filter { $0 != other.revision }
      guard let next = candidates.first(where: { !passedOver.contains($0) }) else {
        guard candidates.isEmpty else {
          throw Failure(
            why: "by \(other.revision.prefix(12)) or one of \(candidates.count) before it that can't be walked")
        }
        // The commits in between that touch other files: headers, the configuration.
        var isFirst = true
        for parent in try clone.parents(of: other.revision) {
          guard let known = try await meaning(subject, parent) else {
            throw Failure(
              why: "by \(other.revision.prefix(12)) or before it: its parent \(parent.prefix(12)) can't be walked")
          }
          if !known.meaning.isSame(as: good.known.meaning) {
            (other, isFirst) = ((parent, known), false)
            break
          }
        }
        if isFirst { return (try clone.commit(other.revision).id, other.known) }
        paths = []
        continue
      }
      guard let known = try await meaning(subject, next) else {
        passedOver.insert(next)
        continue
      }
      if known.meaning.isSame(as: good.known.meaning) { same.append(next) } else { other = (next, known) }
    }
  }
}

extension Walk {
  /// Where a change of meaning most likely is: the files of the functions walked, of the tables that led to them, of knobs.
  fileprivate var functionFiles: [String] {
    var files: Set<String> = []
    for frame in frames + sideFrames {
      files.insert(frame.location.file)
      for step in frame.steps { files.insert(step.location.file) }
      if let table = frame.reachedBy.tableLocation { files.insert(table.file) }
    }
    for knob in knobs {
      files.insert(knob.location.file)
      if let place = knob.defaultLocation { files.insert(place.file) }
    }
    for result in results { if let place = result.location { files.insert(place.file) } }
    return files.sorted()
  }
}
