internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerLive
internal import WalkerModel
internal import WalkerRender

/// From settings to what the kernels answered. What keeps one kernel from being asked is said of that kernel, and the
/// others are asked all the same.
struct VerifyRun: Sendable {
  let walkthrough: Walkthrough
  let probes: Probes
  let asked: AskedKernels
  let guest: GuestArguments
  let places: Places

  /// Throws `UserError` when the walkthrough can't be verified at all.
  init(walkthrough name: String?, asked: AskedKernels, guest: GuestArguments, places: Places) throws {
    let folder = try places.annotations()
    walkthrough = try folder.walkthrough(name ?? WalkSource.firstName(in: folder))
    guard let probes = walkthrough.probes else {
      throw UserError(
        "the walkthrough \(walkthrough.name) declares no probes: add \"probes:\" to its front matter (see CONTRIBUTING.md)",
        exitStatus: ExitStatus.unchecked)
    }
    self.probes = probes
    self.asked = asked
    self.guest = guest
    self.places = places
  }

  func report() async throws -> VerificationReport {
    guard FileManager.default.isExecutableFile(atPath: places.guest) else {
      throw UserError(
        "walker-guest is not at \(places.guest): run Scripts/setup.sh, or install walker again",
        exitStatus: ExitStatus.unchecked)
    }
    var verifications: [Verification] = []
    if asked.live { verifications.append(await live()) }
    verifications += await booted()
    return VerificationReport(
      walkthrough: walkthrough.name, title: walkthrough.title, verifications: verifications)
  }

  // MARK: Booted

  /// Two at a time: an emulated machine keeps one core busy.
  private func booted() async -> [Verification] {
    var found: [Int: Verification] = [:]
    await withTaskGroup(of: (Int, Verification).self) { group in
      for (position, name) in asked.boot.enumerated() {
        if position >= 2, let done = await group.next() { found[done.0] = done.1 }
        group.addTask { (position, await boot(name)) }
      }
      for await done in group { found[done.0] = done.1 }
    }
    return asked.boot.indices.compactMap { found[$0] }
  }

  private func boot(_ name: String) async -> Verification {
    do {
      let reference = try await KernelChoice.resolve(name, places)
      let image = try await image(for: reference)
      let config = configuration(reference, image)
      let walk = try await walk(reference, config: config)
      let inquiry = Inquiry(
        walk: walk, probes: probes, entry: walkthrough.entry, options: .init(cases: guest.cases, seed: guest.seed))
      let progress = Progress("booting \(image.source)")
      defer { progress.finish() }
      let transcript = await Booting(
        run: GuestRun(launcher: places.guest, seconds: guest.guestTime), emulator: guest.qemu,
        megabytes: guest.guestMemory
      ).answers(image: image.path, initramfs: try initramfs(inquiry.questions))
      let configured = config.map { _ in asked.config == nil ? "the image's own" : "the given" } ?? "the default"
      return verification(
        inquiry, transcript, .boot,
        notes: ["image: \(image.source); derived under \(configured) configuration"])
    } catch {
      return unchecked(name, .boot, error)
    }
  }

  /// A snippet set holds what the default configuration needs, a tree what any needs.
  private func configuration(_ reference: KernelReference, _ image: KernelImage) -> String? {
    if let given = asked.config { return given }
    if case .set = reference.kind { return nil }
    return image.configuration
  }

  private func image(for reference: KernelReference) async throws -> KernelImage {
    if let path = asked.image { return try KernelImages.file(path) }
    let progress = Progress("finding an image of \(reference.name)")
    defer { progress.finish() }
    let images = KernelImages(catalog: try places.catalog(), cache: places.cache) {
      progress.say($0)
    }
    return try await images.image(for: reference)
  }

  private func initramfs(_ questions: String) throws -> [UInt8] {
    guard let program = FileManager.default.contents(atPath: places.guest) else {
      throw UserError("\(places.guest) can't be read: run Scripts/setup.sh again")
    }
    return try Initramfs.archive(
      folders: ["dev", "proc", "sys"],
      files: [
        .init(path: "init", bytes: Array(program), isExecutable: true),
        .init(path: "questions", bytes: Array(questions.utf8), isExecutable: false),
      ])
  }

  // MARK: Live

  private func live() async -> Verification {
    do {
      let walk = try await walk(KernelChoice.resolve(asked.kernel ?? "running", places), config: asked.config)
      let here = Here(launcher: places.guest, seconds: guest.guestTime)
      let access = await here.access()
      let inquiry = Inquiry(
        walk: walk, probes: probes, entry: walkthrough.entry,
        options: .init(
          cases: guest.cases, seed: guest.seed, changesKnobs: access.hasNamespace, tracesCalls: false))
      let transcript = await here.answers(inquiry.questions, inNamespace: access.hasNamespace)
      let note =
        access.hasNamespace
        ? "knobs were changed in a network namespace of its own"
        : "knobs were left as they are, since there is no namespace to be had (\(access.why ?? "no reason given"))"
      return verification(inquiry, transcript, .live, notes: [note])
    } catch {
      return unchecked(asked.kernel ?? "running", .live, error)
    }
  }

  // MARK: Both

  private func walk(_ reference: KernelReference, config: String?) async throws -> Walk {
    try await WalkSource(
      places: places, walkthrough: walkthrough.name, kernel: reference,
      configuration: KernelArguments.configuration(config)
    ).shown()
  }

  private func verification(
    _ inquiry: Inquiry, _ transcript: GuestRun.Transcript, _ means: Verification.Means, notes: [String]
  ) -> Verification {
    let found = inquiry.verification(transcript.answers, means: means, notes: notes, failure: transcript.failure)
    guard let observed = found.observed, !KernelVersion.isBuilt(observed, from: found.version) else { return found }
    let difference = "the kernel that answers (\(observed)) is not of the source's version (\(found.version))"
    guard means == .boot, !asked.anyVersion else {
      return inquiry.verification(
        transcript.answers, means: means, notes: notes + [difference], failure: transcript.failure)
    }
    return unchecked(
      found.kernel, means,
      UserError("\(difference): choose the image of that version, or compare all the same with --any-version"),
      version: found.version, observed: observed)
  }

  private func unchecked(
    _ kernel: String, _ means: Verification.Means, _ error: any Error, version: String = "", observed: String? = nil
  ) -> Verification {
    let why = Task.isCancelled ? "interrupted" : (error as? UserError)?.message ?? "\(error)"
    return Verification(
      kernel: kernel, version: version, means: means, observed: observed, notes: [], failure: why, rows: [],
      results: [], chain: nil)
  }
}
