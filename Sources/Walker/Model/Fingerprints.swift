/// What a check compares between two kernels: hashes of tokens, of structure and of what a place depends on, and the
/// conditions of the path as formulas. No kernel text.
///
/// A *text* hash is over the tokens as the author wrote them, without comments and white space; preprocessor lines and
/// what stands in inactive branches count. A *shape* hash is over the compiler's tree: macros expanded, local variables
/// replaced by what is assigned to them, operands that may be swapped in one order. An *expansion* hash is a shape with
/// nothing of a local variable but its type. All are 16 hexadecimal digits.
public struct Fingerprints: Sendable, Hashable, Codable {
  /// The walked functions and those that anchors name, by name.
  public let functions: [FunctionPrint]
  /// Every place that an annotation can be bound to.
  public let sites: [SitePrint]
  /// What had to be true on the way down the chain.
  public let given: [ConditionPrint]
  /// Ways out of walked functions that are not the opposite of a `given`.
  public let exits: [ConditionPrint]
  /// What happened in the functions of the path.
  public let happenings: [Happening]
  public let tracked: TrackedPosition?

  public init(
    functions: [FunctionPrint], sites: [SitePrint], given: [ConditionPrint], exits: [ConditionPrint],
    happenings: [Happening] = [], tracked: TrackedPosition? = nil
  ) {
    self.tracked = tracked
    self.functions = functions
    self.sites = sites
    self.given = given
    self.exits = exits
    self.happenings = happenings
  }

  public static let none = Fingerprints(functions: [], sites: [], given: [], exits: [])
}

public struct FunctionPrint: Sendable, Hashable, Codable {
  public let name: String
  public let location: SourceLocation
  public let endLine: Int
  /// Of the whole definition, its own name left out.
  public let text: String
  /// The least hashes of its runs of three tokens: what two functions have in common of these says how alike they are.
  public let sketch: [UInt32]
  /// Of everything that the walk saw happen in it: calls, stores and returns with their values and conditions; nil where
  /// the walk did not enter it.
  public let behaviour: String?
  /// The functions that its text calls, sorted.
  public let calls: [String]
  public let role: Frame.Role?
  /// From where the walk entered it.
  public let caller: String?

  public init(
    name: String, location: SourceLocation, endLine: Int, text: String, sketch: [UInt32], behaviour: String?,
    calls: [String], role: Frame.Role?, caller: String?
  ) {
    self.name = name
    self.location = location
    self.endLine = endLine
    self.text = text
    self.sketch = sketch
    self.behaviour = behaviour
    self.calls = calls
    self.role = role
    self.caller = caller
  }
}

public struct SitePrint: Sendable, Hashable, Codable {
  public let site: AnchorSite
  public let text: String
  /// Nil where there is no statement (a macro).
  public let shape: String?
  public let expansion: String?
  /// What it depends on, one fact each, sorted: `field struct widget.room u32`, `constant WIDGET_MAX 7`,
  /// `inline widget_room 0123456789abcdef`.
  public let uses: [String]
  /// What the walk computed there; nil where it did not come by.
  public let value: String?
  /// The conditions in force; where the walk did not come by, those that enclose it, as hashes.
  public let given: [ConditionPrint]
  /// The text hashes of the nearest places before and after it in its function.
  public let before: String?
  public let after: String?

  public init(
    site: AnchorSite, text: String, shape: String?, expansion: String?, uses: [String], value: String?,
    given: [ConditionPrint],
    before: String?, after: String?
  ) {
    self.site = site
    self.text = text
    self.shape = shape
    self.expansion = expansion
    self.uses = uses
    self.value = value
    self.given = given
    self.before = before
    self.after = after
  }
}

/// A condition with the names of the walk instead of the author's: `find_slot() != 0`.
public struct ConditionPrint: Sendable, Hashable, Codable {
  public let text: String
  /// What it asks about, sorted: two conditions of one subject are one that was changed.
  public let subjects: [String]
  public let location: SourceLocation
  /// As the author wrote it.
  public let source: String

  public init(text: String, subjects: [String], location: SourceLocation, source: String) {
    self.text = text
    self.subjects = subjects
    self.location = location
    self.source = source
  }
}

/// A call, a store or a return, in the names of the walk: `return -22`.
public struct Happening: Sendable, Hashable, Codable {
  /// The function of the path in which it happened, or in something that this entered.
  public let function: String
  public let text: String
  /// Of the text and of the conditions under which it happens.
  public let digest: String
  public let location: SourceLocation

  public init(function: String, text: String, digest: String, location: SourceLocation) {
    self.function = function
    self.text = text
    self.digest = digest
    self.location = location
  }
}

/// How much two functions have in common: the share of the least hashes of both that each of them has.
public enum Sketch {
  public static func likeness(_ left: [UInt32], _ right: [UInt32]) -> Double {
    let all = Set(left).union(right).sorted().prefix(max(left.count, right.count))
    guard !all.isEmpty else { return 0 }
    let shared = Set(left).intersection(right)
    return Double(all.count { shared.contains($0) }) / Double(all.count)
  }
}

/// A function that was known under a name that a kernel does not have.
public struct LostFunction: Sendable, Hashable, Codable {
  public let name: String
  public let file: String
  /// As `FunctionPrint.text` and `FunctionPrint.sketch`.
  public let text: String
  public let sketch: [UInt32]
  /// Files to look in as well.
  public let near: [String]

  public init(name: String, file: String, text: String, sketch: [UInt32], near: [String]) {
    self.name = name
    self.file = file
    self.text = text
    self.sketch = sketch
    self.near = near
  }
}
