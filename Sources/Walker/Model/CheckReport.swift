/// From best to worst.
public enum CheckVerdict: String, Sendable, Hashable, Comparable, CaseIterable {
  case ok
  /// The text was edited, and the meaning is proved the same; or a person should look for another reason that is named.
  case review
  /// Nothing is proved either way.
  case unchecked
  case broken

  public static func < (left: CheckVerdict, right: CheckVerdict) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

public enum TextDrift: String, Sendable, Hashable {
  case same, moved, edited, renamed, gone, ambiguous
}

public enum MeaningDrift: String, Sendable, Hashable {
  /// Proved.
  case same
  case otherEra = "other-era"
  /// A counterexample is shown, or a condition of the path that changed.
  case new
  case notDerivable = "not-derivable"
}

/// A check of one walkthrough against some kernels.
public struct CheckReport: Sendable {
  public let walkthrough: String
  public let title: String
  /// The walkthrough's file, relative to where the check was run.
  public let file: String
  public let kernels: [KernelReport]
  public let isStrict: Bool

  public init(walkthrough: String, title: String, file: String, kernels: [KernelReport], isStrict: Bool) {
    self.walkthrough = walkthrough
    self.title = title
    self.file = file
    self.kernels = kernels
    self.isStrict = isStrict
  }

  /// 0 all ok (or review, unless strict), 1 something broken, 2 something unchecked, or nothing looked at.
  public var exitStatus: Int32 {
    switch kernels.map(\.verdict).max() {
    case .ok: ExitStatus.ok
    case .review: isStrict ? ExitStatus.broken : ExitStatus.ok
    case .broken: ExitStatus.broken
    case .unchecked, nil: ExitStatus.unchecked
    }
  }
}

public struct KernelReport: Sendable {
  /// As the user named it.
  public let name: String
  public let version: String?
  /// The accepted kernel that it is most like.
  public let baseline: String?
  public let verdict: CheckVerdict
  public var annotations: [AnnotationReport]
  public let results: [ResultReport]
  public let path: PathReport
  public let coverage: Coverage
  /// Why there is no walk, in a sentence.
  public let problem: String?
  /// Where the value goes, step by step.
  public let valuePath: [Step]
  /// What makes the verdict, each once, the weightiest first.
  public var causes: [Cause]
  /// What else was edited in functions that the walkthrough speaks of; it decides nothing.
  public let context: [Step]

  public init(
    name: String, version: String?, baseline: String?, annotations: [AnnotationReport], results: [ResultReport],
    path: PathReport, coverage: Coverage, problem: String?, valuePath: [Step] = [], causes: [Cause] = [],
    context: [Step] = []
  ) {
    self.causes = causes
    self.context = context
    self.name = name
    self.version = version
    self.baseline = baseline
    self.annotations = annotations
    self.results = results
    self.path = path
    self.coverage = coverage
    self.problem = problem
    self.valuePath = valuePath
    let all = annotations.map(\.verdict) + results.map(\.verdict) + [path.verdict]
    // A check that looked at nothing is a failure.
    let looked = coverage.annotationsChecked + coverage.resultsChecked > 0 && coverage.annotationsFound > 0
    verdict = max(all.max() ?? .unchecked, problem == nil && looked ? .ok : .unchecked)
  }

  /// A kernel that could not be walked.
  public static func failed(_ name: String, _ problem: String, annotations: Int, results: Int) -> KernelReport {
    KernelReport(
      name: name, version: nil, baseline: nil, annotations: [], results: [],
      path: PathReport(verdict: .unchecked, reasons: []),
      coverage: Coverage(
        annotations: annotations, annotationsChecked: 0, annotationsFound: 0, otherEra: 0, results: results,
        resultsChecked: 0), problem: problem)
  }

  public struct Step: Sendable, Hashable {
    public let location: SourceLocation
    /// In walker's words, not the kernel's.
    public let text: String

    public init(location: SourceLocation, text: String) {
      self.location = location
      self.text = text
    }
  }

  public struct Coverage: Sendable, Hashable {
    /// All of the walkthrough's.
    public let annotations: Int
    /// Those with another verdict than unchecked.
    public let annotationsChecked: Int
    /// Those that have a place in the kernel.
    public let annotationsFound: Int
    /// Those for other kernels.
    public let otherEra: Int
    public let results: Int
    public let resultsChecked: Int

    public init(
      annotations: Int, annotationsChecked: Int, annotationsFound: Int, otherEra: Int, results: Int, resultsChecked: Int
    ) {
      self.annotations = annotations
      self.annotationsChecked = annotationsChecked
      self.annotationsFound = annotationsFound
      self.otherEra = otherEra
      self.results = results
      self.resultsChecked = resultsChecked
    }
  }
}

/// One edit of the kernel, or one thing about it that is not as it was accepted, with all that follows.
public struct Cause: Sendable {
  public struct Consequence: Sendable, Hashable {
    public enum Subject: String, Sendable { case result, way, annotation, statement, knob, counter }

    public let subject: Subject
    /// Of the result, the annotation, the knob.
    public let id: String
    public let verdict: CheckVerdict
    /// What is the case now, in the source's words.
    public let words: String
    /// In the walkthrough.
    public let location: SourceLocation?

    public init(subject: Subject, id: String, verdict: CheckVerdict, words: String, location: SourceLocation? = nil) {
      self.subject = subject
      self.id = id
      self.verdict = verdict
      self.words = words
      self.location = location
    }
  }

  public let verdict: CheckVerdict
  /// In the checked kernel; nil where the place is gone.
  public let to: CodePlace?
  /// In the accepted kernel.
  public let from: CodePlace?
  public let baseline: String?
  /// The weightiest consequence, as a headline.
  public let what: String
  public let consequences: [Consequence]
  /// A complete command, or what to change.
  public let remedy: String?
  /// `0123456789ab subject`, where a clone is at hand.
  public var commit: String?
  public var code: CodePair?

  public init(
    verdict: CheckVerdict, to: CodePlace?, from: CodePlace?, baseline: String?, what: String,
    consequences: [Consequence], remedy: String?
  ) {
    self.verdict = verdict
    self.to = to
    self.from = from
    self.baseline = baseline
    self.what = what
    self.consequences = consequences
    self.remedy = remedy
  }
}

/// A place in one kernel.
public struct CodePlace: Sendable, Hashable {
  public let function: String?
  public let file: String
  public let line: Int
  public let endLine: Int

  public init(function: String?, file: String, line: Int, endLine: Int) {
    self.function = function
    self.file = file
    self.line = line
    self.endLine = endLine
  }

  public var location: SourceLocation { SourceLocation(file: file, line: line) }
}

public struct AnnotationReport: Sendable {
  public let id: String
  public let title: String
  /// Where the annotation stands in the walkthrough's file.
  public let location: SourceLocation
  public let text: TextDrift
  public let meaning: MeaningDrift
  public let verdict: CheckVerdict
  /// The accepted kernel it was compared with; nil where none has it.
  public let baseline: String?
  public let from: CodePlace?
  public let to: CodePlace?
  /// Where it may have gone, when there is more than one place.
  public let candidates: [CodePlace]
  /// Sentences.
  public let reasons: [String]
  /// What a person can do about it.
  public let advice: String?
  /// Where in the kernel what changed stands, as far as that can be told: its own place, the condition above it, the
  /// function that answers otherwise.
  public let changedAt: [SourceLocation]
  /// Statements of its `holds:` and names in its prose that are not true of this kernel.
  public let statements: [FactPrint]
  /// The result that it has its verdict from, where its own place is as it was.
  public var follows: String?

  public init(
    id: String,
    title: String,
    location: SourceLocation,
    text: TextDrift,
    meaning: MeaningDrift,
    verdict: CheckVerdict,
    baseline: String?,
    from: CodePlace?,
    to: CodePlace?,
    candidates: [CodePlace],
    reasons: [String],
    advice: String?,
    changedAt: [SourceLocation] = [],
    statements: [FactPrint] = []
  ) {
    self.changedAt = changedAt
    self.statements = statements
    self.id = id
    self.title = title
    self.location = location
    self.text = text
    self.meaning = meaning
    self.verdict = verdict
    self.baseline = baseline
    self.from = from
    self.to = to
    self.candidates = candidates
    self.reasons = reasons
    self.advice = advice
  }
}

public struct ResultReport: Sendable {
  public let id: String
  public let meaning: MeaningDrift
  public let verdict: CheckVerdict
  public let era: String?
  public let formula: String
  public let baseline: String?
  public let oldEra: String?
  public let oldFormula: String?
  public let counterexample: Counterexample?
  public let location: SourceLocation?
  public let reasons: [String]

  public init(
    id: String,
    meaning: MeaningDrift,
    verdict: CheckVerdict,
    era: String?,
    formula: String,
    baseline: String?,
    oldEra: String?,
    oldFormula: String?,
    counterexample: Counterexample?,
    location: SourceLocation?,
    reasons: [String]
  ) {
    self.id = id
    self.meaning = meaning
    self.verdict = verdict
    self.era = era
    self.formula = formula
    self.baseline = baseline
    self.oldEra = oldEra
    self.oldFormula = oldFormula
    self.counterexample = counterexample
    self.location = location
    self.reasons = reasons
  }
}

/// Lines of kernel source, to be shown and never kept.
public struct CodePair: Sendable, Hashable {
  public let old: [String]?
  public let new: [String]?
  /// How to get the old source, where it is not at hand.
  public let hint: String?

  public init(old: [String]?, new: [String]?, hint: String?) {
    self.old = old
    self.new = new
    self.hint = hint
  }
}

/// The walk as a whole: conditions, tables, reaches and open ends.
public struct PathReport: Sendable {
  public let verdict: CheckVerdict
  /// Sentences, each with its place.
  public let reasons: [Reason]

  public init(verdict: CheckVerdict, reasons: [Reason]) {
    self.verdict = verdict
    self.reasons = reasons
  }

  public struct Reason: Sendable, Hashable {
    public let verdict: CheckVerdict
    public let text: String
    public let location: SourceLocation?
    public let subject: Cause.Consequence.Subject
    /// Of the knob or counter.
    public let id: String

    public init(
      verdict: CheckVerdict, text: String, location: SourceLocation?, subject: Cause.Consequence.Subject = .way,
      id: String = ""
    ) {
      self.verdict = verdict
      self.text = text
      self.location = location
      self.subject = subject
      self.id = id
    }
  }
}
