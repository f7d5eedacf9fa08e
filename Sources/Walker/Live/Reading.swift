internal import Glibc
internal import WalkerModel

/// What a guest answered to one question.
enum Reading: Hashable {
  case value(Int128)
  /// The count was ended before the kernel refused one.
  case atLeast(Int128)
  /// A step of the probe failed: `input`, `reading`, `knob:net.core.somaxconn`.
  case failed(step: String, error: Int32)

  /// nil for what is no answer of this kind.
  init?(_ text: Substring) {
    let words = text.split(separator: " ")
    guard let kind = words.first else { return nil }
    switch (kind, words.count) {
    case ("value", 2):
      guard let number = Int128(words[1]) else { return nil }
      self = .value(number)
    case ("at-least", 2):
      guard let number = Int128(words[1]) else { return nil }
      self = .atLeast(number)
    case ("failed", 3):
      guard let error = Int32(words[2]) else { return nil }
      self = .failed(step: String(words[1]), error: error)
    default: return nil
    }
  }

  /// A step that failed, in words.
  static func reason(_ step: String, _ error: Int32) -> String {
    let words = String(cString: strerror(error))
    if step.hasPrefix("knob:") {
      let name = step.dropFirst("knob:".count)
      return error == EROFS ? "\(name) is not changed outside of a namespace" : "\(name) can't be set (\(words))"
    }
    if step.hasPrefix("caller:") {
      let what = step.dropFirst("caller:".count)
      return "the process that asks can't be made so: \(what) (\(words))"
    }
    switch step {
    case "input": return "the kernel refuses the input (\(words))"
    case "handing": return "the call refuses the number before it gets there (\(words))"
    case "subject": return "nothing could be made to ask with (\(words))"
    default: return "nothing could be read (\(words))"
    }
  }
}

extension Probes.ResultProbe {
  /// Compares what was read with what should be there. `reading` nil: there is no answer.
  /// `times`: what `times` is here.
  func answer(
    to expectation: Expectation, _ reading: Reading?, witness: Reading?, times: Int128
  ) -> Verification.Answer {
    let (observed, outcome) = judge(expectation, reading, times)
    if outcome == .agrees, case .value(let second)? = witness, case .value(let first)? = reading, first != second {
      return Verification.Answer(
        result: result, derived: expectation.text, observed: "\(first) and \(second) in two ways to read it",
        outcome: .differs)
    }
    return Verification.Answer(result: result, derived: expectation.text, observed: observed, outcome: outcome)
  }

  private func judge(
    _ expectation: Expectation, _ reading: Reading?, _ times: Int128
  ) -> (observed: String?, outcome: Verification.Answer.Outcome) {
    if case .none(let why) = expectation { return (nil, .unobserved("nothing is derived to compare with: \(why)")) }
    switch reading {
    case nil: return (nil, .unobserved("there is no answer"))
    case .atLeast(let number):
      // It would have ended there if the derivation were right.
      if let count = expectation.count, count <= number { return ("more than \(number)", .differs) }
      return (nil, .unobserved("the count was ended at \(number)"))
    case .failed("input", let error):
      if expectation == .nothing { return ("refused", .agrees) }
      guard error == EINVAL else { return (nil, .unobserved(Reading.reason("input", error))) }
      return ("refused as invalid", .differs)
    case .failed(let step, let error): return (nil, .unobserved(Reading.reason(step, error)))
    case .value(let raw):
      guard raw % unit == 0 else { return ("\(raw), no multiple of \(unit)", .differs) }
      let (number, isTooLarge) = (raw / unit).multipliedReportingOverflow(by: times)
      return isTooLarge ? ("\(raw), far too much", .differs) : judge(expectation, number)
    }
  }

  private func judge(
    _ expectation: Expectation, _ number: Int128
  ) -> (observed: String?, outcome: Verification.Answer.Outcome) {
    let observed = "\(number)"
    switch expectation {
    case .number(let expected):
      // That there is memory is taken as given, as the documentation of results says.
      let isExhausted = reader.rawValue == "return" && number == -Int128(ENOMEM) && number != expected
      if isExhausted { return (nil, .unobserved(Reading.reason("input", ENOMEM))) }
      return (observed, number == expected ? .agrees : .differs)
    case .ifStored(let expected, let condition):
      if number == expected { return (observed, .agrees) }
      guard number == untouched else { return (observed, .differs) }
      return (nil, .unobserved("whether anything is stored depends on `\(condition)`"))
    case .nothing:
      guard let untouched else { return (nil, .unobserved("nothing is stored, and what is read then is not declared")) }
      return (observed, number == untouched ? .agrees : .differs)
    case .never: return (observed, .differs)
    case .none(let why): return (nil, .unobserved(why))
    }
  }
}
