/** A look at the answer of a question for the patterns of several conditions at once. */
import type { Context } from './context.js'
import { PatternGroup } from './patterns/pattern-group.js'
import type { PatternSource } from './patterns/pattern-source.js'
import { notYet } from './sample.js'
import type { SharedQuestion } from './shared-question.js'
import type { Turn } from './turn.js'

export class Look {
  readonly #question: SharedQuestion
  readonly #group: PatternGroup
  readonly #turn: Turn
  #lookedAt = -1
  #missed = false

  constructor(question: SharedQuestion, sources: readonly PatternSource[], turn: Turn) {
    this.#question = question
    this.#group = new PatternGroup(sources)
    this.#turn = turn
  }

  /** None of the patterns is there, so that none of the conditions holds. */
  missed(context: Context): boolean {
    if (this.#lookedAt !== this.#turn.number) {
      this.#missed = !this.#mayFind(this.#question.answer(context))
      this.#lookedAt = this.#turn.number
    }
    return this.#missed
  }

  #mayFind(answer: unknown): boolean {
    if (!this.#question.several) return answer === notYet || (answer !== undefined && this.#group.has(answer))
    return answer === notYet || (answer as readonly unknown[]).some((value) => this.#group.has(value))
  }
}
