import Testing
import WalkerFormula
import WalkerModel
import WalkerProof

/// Whole simplifications, printings and compilations of random expressions, each compared with the original.
@Suite struct SoundnessTests {
  @Test(arguments: 0..<4)
  func keepsTheMeaningOfRandomExpressions(part: UInt64) throws {
    let prover = try Prover()
    var random = RandomExpressions(seed: part)
    var decided = 0
    for round in 0..<150 {
      let original = random.expression(random.pick(RandomExpressions.types), depth: 4)
      let simplified = original.simplified
      #expect(simplified.type == original.type)
      switch prover.equivalent(original, simplified) {
      case .proved: decided += 1
      case .refuted(let inputs):
        Issue.record("round \(round): \(original.text)\n became \(simplified.text)\n differ for \(inputs)")
      case .unproved: continue
      }
      // A rewrite may give a value where there was none, never the other way round.
      let loses = Expression.and(.not(original.noValueWhen), simplified.noValueWhen)
      #expect(prover.isSatisfiable(loses) != true, "round \(round): \(original.text) became \(simplified.text)")
    }
    #expect(decided > 140)
  }

  @Test(arguments: 0..<4)
  func keepsTheMeaningUnderAssumptions(part: UInt64) throws {
    let prover = try Prover()
    var random = RandomExpressions(seed: 100 + part)
    var changed = 0
    for round in 0..<150 {
      let original = random.expression(random.pick(RandomExpressions.types), depth: 3)
      // Something that the expression itself asks, so that there is something to decide.
      let asked = original.nodesInOrder.filter { $0.type == .bool && $0.constantNumber == nil }
      var assumption = asked.isEmpty ? random.expression(.bool, depth: 2) : random.pick(asked)
      if random.number(below: 3) == 0 { assumption = Expression(.unary(.complement, assumption), .bool) }
      if random.number(below: 2) == 0 {
        assumption = Expression(.binary(.and, assumption, random.expression(.bool, depth: 2)), .bool)
      }
      let simplified = original.simplified(assuming: assumption)
      if simplified != original.simplified { changed += 1 }
      let given = Expression.and(assumption, .not(assumption.noValueWhen))
      if case .refuted(let inputs) = prover.equivalent(original, simplified, assuming: given) {
        Issue.record(
          "round \(round): \(original.text)\n under \(assumption.text)\n became \(simplified.text)\n differ for \(inputs)"
        )
      }
    }
    #expect(changed > 10)
  }

  @Test(arguments: 0..<4)
  func readsBackWhatItPrints(part: UInt64) throws {
    let prover = try Prover()
    var random = RandomExpressions(seed: 200 + part)
    for round in 0..<150 {
      var expression = random.expression(random.pick(RandomExpressions.types), depth: 4)
      if round % 2 == 0 { expression = expression.simplified }
      var names: [String: Expression] = [:]
      for input in expression.inputs { names[input.name] = .input(input) }
      let claim: Claim
      do {
        claim = try Claim.parse(expression.text, names: names)
      } catch let error where !error.message.contains("no value") {
        Issue.record("round \(round): \(error.diagram)")
        continue
      } catch {
        continue
      }
      if case .refuted(let inputs) = prover.equivalent(expression, claim.value) {
        Issue.record("round \(round): \(expression.text) is read as \(claim.value.text), differ for \(inputs)")
      }
      #expect(prover.isSatisfiable(.and(.not(expression.noValueWhen), claim.value.noValueWhen)) != true)
    }
  }

  @Test func computesWhatTheProverComputes() throws {
    let prover = try Prover()
    var random = RandomExpressions(seed: 300)
    var compared = 0
    for _ in 0..<300 {
      let expression = random.expression(random.pick(RandomExpressions.types), depth: 4)
      var inputs: [Input: Int128] = [:]
      for input in expression.inputs {
        inputs[input] = input.type.number(fromBits: input.type.bits(of: random.pick(RandomExpressions.numbers)))
      }
      let compiled = CompiledExpression([expression, expression.noValueWhen])
      let lanes = compiled.run(count: 1) { .fixed(inputs[$0] ?? 0) }
      guard let number = try? expression.evaluate(inputs) else {
        #expect(lanes[1][0] == 1, "\(expression.text) for \(inputs)")
        continue
      }
      compared += 1
      #expect(lanes[1][0] == 0)
      #expect(expression.type.number(fromLane: lanes[0][0]) == number, "\(expression.text) for \(inputs)")
      let fixed = Expression.and(
        inputs.map { .compare(.equal, .input($0), .constant($1, $0.type)) })
      let differs = Expression.not(
        Expression(.compare(.equal, expression, .constant(number, expression.type)), .bool))
      #expect(prover.isSatisfiable(.and(fixed, differs)) == false, "\(expression.text) for \(inputs)")
    }
    #expect(compared > 200)
  }
}
