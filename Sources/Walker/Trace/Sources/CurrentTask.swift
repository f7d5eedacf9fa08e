internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// `current` and its kin: who calls does not change while the call lasts, so that each of these is one object, however often
/// the code asks for it.
extension Machine {
  private static let ownObjects: Set<String> = ["get_current", "current_thread_info"]

  /// The value of a call that asks for the calling task; nil for every other function.
  func currentValue(_ name: String, _ cursor: Cursor) -> Value? {
    guard Self.ownObjects.contains(name), cursor.arguments.isEmpty, cursor.type.isPointer else { return nil }
    var place = Place(object: .pointee("own:" + name), text: name + "()")
    place.isNeverNull = true
    return .pointer(place)
  }
}
