internal import WalkerModel

/// Places that the value ends up in and that hold the same, in the order of the first of each.
struct ReachWords {
  let formula: String
  var places: [Reach]

  static func grouped(_ reaches: [Reach]) -> [ReachWords] {
    var groups: [ReachWords] = []
    for reach in reaches {
      if let index = groups.firstIndex(where: { $0.formula == reach.formula }) {
        groups[index].places.append(reach)
      } else {
        groups.append(ReachWords(formula: reach.formula, places: [reach]))
      }
    }
    return groups
  }
}
