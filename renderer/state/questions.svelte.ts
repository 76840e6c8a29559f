// Questions that must be answered before something goes on; one at a time.
import type { Translator } from '../messages/translator.ts';

export interface Question {
  readonly title: (t: Translator) => string;
  readonly text: (t: Translator) => string;
  readonly confirm: (t: Translator) => string;
}

export class Questions {
  current = $state.raw<Question | null>(null);
  #answer: ((yes: boolean) => void) | null = null;

  ask(question: Question): Promise<boolean> {
    this.answer(false);
    this.current = question;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(yes: boolean): void {
    this.current = null;
    const answer = this.#answer;
    this.#answer = null;
    answer?.(yes);
  }
}
