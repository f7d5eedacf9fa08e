internal import WalkerKernel
internal import WalkerModel

/// One walkthrough through whatever kernel is asked for.
struct Walks: Sendable {
  let walkthrough: String?
  let configuration: String?
  let places: Places

  /// Throws `UserError` when the walk can't be made.
  func walk(_ kernel: KernelReference) async throws -> Walk {
    try await WalkSource(walkthrough: walkthrough, kernel: kernel, configuration: configuration, places).shown()
  }

  /// In the order of `kernels`; errors that are no `UserError` are thrown.
  func walks(_ kernels: [KernelReference]) async throws -> [Result<Walk, UserError>] {
    try await WalkSource.each(of: kernels, walk).map { answer in
      do { return .success(try answer.get()) } catch let error as UserError { return .failure(error) }
    }
  }
}
