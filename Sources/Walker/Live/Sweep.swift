internal import WalkerFormula
internal import WalkerModel

/// Which combinations of inputs are tried: every declared value of every input at least once, the rest drawn from all
/// combinations. The same walkthrough always gives the same cases.
struct Sweep {
  struct Case: Hashable {
    /// Of the followed value, as its type holds it.
    let tracked: Int128
    /// Knobs by full name and what is so of the caller, sorted.
    let knobs: [Probes.Setting]
  }

  let tracked: Input
  let axes: [Probes.Axis]
  let seed: UInt64

  /// - Parameters:
  ///   - changesKnobs: false leaves every knob at the kernel's present value. Knobs on which no result should depend are
  ///     tried as well: that shows that none does.
  ///   - wanted: so many combinations there should be; without knobs that is up to the followed value alone.
  init(_ probes: Probes, tracked: Input, changesKnobs: Bool, seed: UInt64, wanted: Int) {
    self.tracked = tracked
    self.seed = seed
    var numbers = probes.sweep.first { $0.name == tracked.name }?.numbers ?? []
    if numbers.isEmpty { numbers = Self.edges(of: tracked.type) }
    // Half of the random numbers are small, where limits are; half are anything.
    var random = SplitMix(state: seed)
    for position in 0..<16 {
      let bits = random.next()
      numbers.append(position % 2 == 0 ? Int128(bits % 64) : tracked.type.number(fromBits: bits))
    }
    let knobs = probes.sweep.filter {
      $0.name != tracked.name && !$0.numbers.isEmpty && (changesKnobs || ProbeWords.caller.wire($0.name) != nil)
    }
    .sorted { $0.name < $1.name }
    let others = knobs.reduce(1) { min($0 * $1.numbers.count, wanted) }
    // Then of every size up to the largest that was declared. A narrow type may have fewer than are wanted.
    let largest = probes.sweep.first { $0.name == tracked.name }?.numbers.max() ?? tracked.type.maximum
    let widest = UInt64(64 - tracked.type.bits(of: largest).leadingZeroBitCount)
    var distinct = Set(numbers)
    for position in 0..<wanted * 2 where distinct.count * others < wanted {
      let bits = random.next()
      let shifted = bits >> (63 - bits % max(widest, 1))
      let number = position % 2 == 0 ? Int128(bits >> 7 & 63) : tracked.type.number(fromBits: shifted)
      if distinct.insert(number).inserted { numbers.append(number) }
    }
    axes = [Probes.Axis(name: tracked.name, numbers: Self.unique(numbers))] + knobs
  }

  /// At most `count`, in the order in which they are asked; fewer where there are no more combinations.
  func cases(_ count: Int) -> [Case] {
    var random = SplitMix(state: ~seed)
    var seen: Set<[Int]> = []
    var picks: [[Int]] = []
    let combinations = axes.reduce(1) { min($0 * $1.numbers.count, 1 << 20) }
    let wanted = min(count, combinations)
    let longest = axes.map(\.numbers.count).max() ?? 0
    // Drawing without replacement; the limit only guards against a draw that would not end.
    for attempt in 0..<(wanted * 64) where picks.count < wanted {
      let pick = axes.map { axis in
        attempt < longest ? attempt % axis.numbers.count : Int(random.next() % UInt64(axis.numbers.count))
      }
      if seen.insert(pick).inserted { picks.append(pick) }
    }
    return picks.map { pick in
      let numbers = zip(axes, pick).map { axis, index in Probes.Setting(name: axis.name, number: axis.numbers[index]) }
      let bits = tracked.type.bits(of: numbers[0].number)
      return Case(tracked: tracked.type.number(fromBits: bits), knobs: Array(numbers.dropFirst()))
    }
  }

  private static func edges(of type: IntegerType) -> [Int128] {
    var numbers: [Int128] = [0, 1, 2, type.minimum, type.maximum]
    if type.isSigned { numbers.append(-1) }
    for bit in stride(from: 3, to: type.width, by: 4) {
      let power = Int128(1) << Int128(bit)
      numbers += [power - 1, power, power + 1]
    }
    return numbers.filter { (type.minimum...type.maximum).contains($0) }
  }

  private static func unique(_ numbers: [Int128]) -> [Int128] {
    var seen: Set<Int128> = []
    return numbers.filter { seen.insert($0).inserted }
  }
}
