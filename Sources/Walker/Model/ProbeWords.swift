/// The words that probes are made of: forms such as `setsockopt:SOCKET:LEVEL:OPTION`, and the names that stand for a
/// capital word in them, with the numbers that a kernel has for them on x86-64 (include/uapi). The guest program is told
/// numbers; what is not listed here is refused by its name.
public struct ProbeWords: Sendable {
  /// As the documentation lists them.
  public let forms: [String]

  /// How the followed number is handed to the kernel.
  public static let inputs = ProbeWords(forms: [
    "listen", "listen:SOCKET", "setsockopt:SOCKET:LEVEL:OPTION", "fcntl:F_SETPIPE_SZ", "prlimit:RESOURCE",
    "prlimit-max:RESOURCE", "setpriority", "prctl:PRCTL", "io_uring_setup", "io_uring_setup:clamp",
    "io_uring_setup:cq", "msgsnd", "write", "io_submit", "epoll_wait",
  ])

  /// What is so of the process that makes the call.
  public static let caller = ProbeWords(forms: ["privileged", "rlimit:RESOURCE", "rlimit-max:RESOURCE"])

  /// How a result is read back.
  public static let readers = ProbeWords(forms: [
    "tcp-info:tcpi_sacked", "tcp-info:tcpi_unacked", "sock-diag:idiag_wqueue", "sock-diag:idiag_rqueue",
    "sockopt:TCP_FASTOPEN", "fcntl:F_GETPIPE_SZ", "connections", "half-open", "events", "return", "refused:ERROR",
    "getsockopt:LEVEL:OPTION", "rlimit:RESOURCE", "rlimit-max:RESOURCE", "getpriority", "prctl:PRCTL",
    "timerslack_ns", "io_uring:sq_entries", "io_uring:cq_entries",
  ])

  /// What the guest is asked with; nil for a text of no form.
  public func wire(_ text: String) -> String? {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    for form in forms {
      let parts = form.split(separator: ":").map(String.init)
      guard parts.count == words.count else { continue }
      let told = zip(parts, words).map { part, word in Self.told(word, as: part) }
      if told.allSatisfy({ $0 != nil }) { return told.compactMap(\.self).joined(separator: ":") }
    }
    return nil
  }

  /// What may stand for the capital word of the form that begins as the text does; nil: no form begins so.
  public func hint(for text: String) -> String? {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    for form in forms {
      let parts = form.split(separator: ":").map(String.init)
      guard parts.first == words.first, parts.count == words.count else { continue }
      for (part, word) in zip(parts, words) where Self.told(word, as: part) == nil {
        guard let names = Self.names[part] else { continue }
        return "\(word) is none of \(names.keys.sorted().joined(separator: ", "))"
      }
    }
    return nil
  }

  private static func told(_ word: String, as part: String) -> String? {
    if let names = Self.names[part] { return names[word] }
    return word == part ? word : nil
  }

  private static let names: [String: [String: String]] = [
    "SOCKET": ["tcp": "tcp", "udp": "udp", "unix": "unix"],
    "LEVEL": ["SOL_SOCKET": "1", "IPPROTO_IP": "0", "IPPROTO_TCP": "6", "SOL_TCP": "6", "SOL_UDP": "17"],
    "OPTION": [
      "SO_SNDBUF": "7", "SO_RCVBUF": "8", "SO_PRIORITY": "12", "SO_RCVLOWAT": "18", "SO_SNDBUFFORCE": "32",
      "SO_RCVBUFFORCE": "33", "SO_PEEK_OFF": "42", "SO_BUSY_POLL": "46", "IP_TOS": "1", "IP_TTL": "2",
      "IP_MULTICAST_TTL": "33", "TCP_MAXSEG": "2", "TCP_KEEPIDLE": "4", "TCP_KEEPINTVL": "5", "TCP_KEEPCNT": "6",
      "TCP_SYNCNT": "7", "TCP_LINGER2": "8", "TCP_DEFER_ACCEPT": "9", "TCP_WINDOW_CLAMP": "10",
      "TCP_USER_TIMEOUT": "18", "TCP_FASTOPEN": "23", "TCP_NOTSENT_LOWAT": "25",
    ],
    "RESOURCE": [
      "RLIMIT_STACK": "3", "RLIMIT_CORE": "4", "RLIMIT_NPROC": "6", "RLIMIT_NOFILE": "7", "RLIMIT_MEMLOCK": "8",
      "RLIMIT_SIGPENDING": "11", "RLIMIT_MSGQUEUE": "12", "RLIMIT_NICE": "13", "RLIMIT_RTPRIO": "14",
    ],
    "PRCTL": ["PR_SET_TIMERSLACK": "29", "PR_GET_TIMERSLACK": "30"],
    "ERROR": [
      "EPERM": "1", "EBADF": "9", "EAGAIN": "11", "ENOMEM": "12", "EACCES": "13", "EFAULT": "14", "EBUSY": "16",
      "EINVAL": "22", "EMFILE": "24", "EDOM": "33", "EOVERFLOW": "75", "EMSGSIZE": "90", "ENOBUFS": "105",
      "ENOPROTOOPT": "92", "EOPNOTSUPP": "95",
    ],
  ]
}
