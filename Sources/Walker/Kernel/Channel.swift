internal import Dispatch
internal import Synchronization

/// A bounded queue from one thread to another, so that reading an archive and searching its text overlap.
final class Channel<Element: Sendable>: Sendable {
  private let space: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)
  private let state = Mutex<(elements: [Element], isClosed: Bool, error: (any Error)?)>(([], false, nil))

  init(capacity: Int) { space = DispatchSemaphore(value: capacity) }

  /// Waits while the queue is full. False when the receiver is gone.
  func send(_ element: Element) -> Bool {
    space.wait()
    let isOpen = state.withLock { state in
      if !state.isClosed { state.elements.append(element) }
      return !state.isClosed
    }
    filled.signal()
    return isOpen
  }

  /// No more elements will come, for this reason.
  func close(_ error: (any Error)? = nil) {
    state.withLock { state in
      state.isClosed = true
      state.error = state.error ?? error
    }
    filled.signal()
    space.signal()
  }

  /// What has come since the last call, at least one element; nil at the end. Throws the sender's error.
  func receive() throws -> [Element]? {
    while true {
      filled.wait()
      let (elements, isClosed, error) = state.withLock { state in
        defer { state.elements = [] }
        return (state.elements, state.isClosed, state.error)
      }
      for _ in elements.indices { space.signal() }
      if !elements.isEmpty {
        if isClosed { filled.signal() }
        return elements
      }
      if isClosed {
        if let error { throw error }
        return nil
      }
    }
  }
}
