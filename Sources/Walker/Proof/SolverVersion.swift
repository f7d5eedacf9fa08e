internal import CZ3

/// What walker proves with.
public enum SolverVersion {
  /// `4.13.3.0`
  public static var text: String { Z3_get_full_version().map { String(cString: $0) } ?? "of an unknown version" }
}
