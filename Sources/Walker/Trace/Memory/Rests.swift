/// A set of reads, by their numbers in `Machine.reads`. Sets are kept once, so that joining them costs little.
struct Rests: Hashable {
  fileprivate let id: Int
  static let none = Rests(id: 0)
  var isEmpty: Bool { id == 0 }
}

/// All sets of reads that a walk made.
struct RestsTable {
  private var sets: [[Int]] = [[]]
  private var ids: [[Int]: Int] = [[]: 0]
  private var joined: [Pair: Rests] = [:]

  private struct Pair: Hashable {
    let low: Int
    let high: Int
  }

  mutating func of(_ read: Int) -> Rests { made([read]) }

  mutating func union(_ a: Rests, _ b: Rests) -> Rests {
    if a == b || b.isEmpty { return a }
    if a.isEmpty { return b }
    let pair = Pair(low: min(a.id, b.id), high: max(a.id, b.id))
    if let known = joined[pair] { return known }
    let all = made(Set(sets[a.id]).union(sets[b.id]).sorted())
    joined[pair] = all
    return all
  }

  func reads(_ rests: Rests) -> [Int] { sets[rests.id] }

  private mutating func made(_ set: [Int]) -> Rests {
    if let known = ids[set] { return Rests(id: known) }
    sets.append(set)
    ids[set] = sets.count - 1
    return Rests(id: sets.count - 1)
  }
}
