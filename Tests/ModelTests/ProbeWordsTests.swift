import Testing
import WalkerModel

@Suite struct ProbeWordsTests {
  @Test(arguments: [
    ("listen", "listen"), ("listen:unix", "listen:unix"), ("setsockopt:tcp:SOL_SOCKET:SO_RCVBUF", "setsockopt:tcp:1:8"),
    ("setsockopt:tcp:IPPROTO_TCP:TCP_KEEPIDLE", "setsockopt:tcp:6:4"), ("prlimit:RLIMIT_NOFILE", "prlimit:7"),
    ("prctl:PR_SET_TIMERSLACK", "prctl:29"), ("prlimit-max:RLIMIT_NOFILE", "prlimit-max:7"),
    ("io_uring_setup:clamp", "io_uring_setup:clamp"),
  ])
  func tellsTheGuestNumbers(_ text: String, _ wire: String) throws {
    #expect(try #require(Probes.InputKind(rawValue: text)).wire == wire)
  }

  @Test(arguments: [
    "", "listen:sctp", "setsockopt", "setsockopt:tcp:SOL_SOCKET:SO_BINDTODEVICE", "setsockopt:tcp:1:8", "prlimit:",
    "fcntl:F_SETLEASE", "exec:sh", "listen ", "listen\nlisten", "write:/etc/passwd",
  ])
  func takesNoOtherText(_ text: String) {
    #expect(Probes.InputKind(rawValue: text) == nil)
  }

  @Test func knowsWhatMayBeSoOfTheCaller() {
    #expect(ProbeWords.caller.wire("rlimit-max:RLIMIT_NOFILE") == "rlimit-max:7")
    #expect(ProbeWords.caller.wire("privileged") == "privileged")
    for text in ["rlimit", "rlimit:7", "rlimit:RLIMIT_WIDGETS", "uid", "net.core.somaxconn"] {
      #expect(ProbeWords.caller.wire(text) == nil)
    }
  }

  @Test func saysWhichNameItDoesNotKnow() throws {
    let hint = try #require(ProbeWords.inputs.hint(for: "setsockopt:tcp:SOL_SOCKET:SO_RCVBUFF"))
    #expect(hint.hasPrefix("SO_RCVBUFF is none of ") && hint.contains("SO_RCVBUF,"))
    #expect(ProbeWords.inputs.hint(for: "exec:sh") == nil)
    #expect(Probes.ReaderKind(rawValue: "refused:EPERM")?.wire == "refused:1")
    #expect(Probes.ReaderKind(rawValue: "refused:ENOTHING") == nil)
  }
}
