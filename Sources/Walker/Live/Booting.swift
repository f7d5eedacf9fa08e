/// A kernel's image, started in an emulated machine that has no disk, no network, and two serial ports.
public struct Booting: Sendable {
  let run: GuestRun
  let emulator: String
  let megabytes: Int

  public init(run: GuestRun, emulator: String = "qemu-system-x86_64", megabytes: Int = 512) {
    self.run = run
    self.emulator = emulator
    self.megabytes = megabytes
  }

  /// - Parameters:
  ///   - image: a bzImage's path.
  ///   - initramfs: an archive with the guest program as `/init` and the questions as `/questions`.
  public func answers(image: String, initramfs: [UInt8]) async -> GuestRun.Transcript {
    await run.run([emulator] + arguments(image: image), given: initramfs, subject: "the guest")
  }

  private func arguments(image: String) -> [String] {
    // Emulated throughout: the same on every machine, with or without help from its processor.
    ["-accel", "tcg", "-m", "\(megabytes)", "-nodefaults", "-no-user-config", "-display", "none"]
      // A restart, which a panic ends in as well, ends the emulator.
      + ["-no-reboot", "-kernel", image, "-initrd", "/dev/fd/9", "-append", Self.commandLine]
      // The first port is the console, the second carries the answers.
      + ["-serial", "file:/dev/stderr", "-serial", "stdio"]
  }

  private static let commandLine = [
    "console=ttyS0", "loglevel=3", "panic=-1", "reboot=t",
    // An emulated clock runs unevenly on a busy machine; what guards a real one from that would take it for broken.
    "no_timer_check", "nosoftlockup", "nowatchdog",
    // Of no use to a machine that lives for seconds, and slow to emulate.
    "mitigations=off", "nokaslr",
  ].joined(separator: " ")
}
