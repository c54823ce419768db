/** Keeps labels bounded: of what others name (agents, models), so many values are told apart, and all further ones are one. */

const MOST = 500;
const OTHER = 'other';

type Labels = Readonly<Record<string, string>>;

export class FewValues {
  readonly #known = new Map<string, Set<string>>();

  of(labels: Labels): Labels {
    for (const name in labels) {
      const value = labels[name] ?? '';
      if (!this.#admits(name, value)) {
        return Object.fromEntries(
          Object.entries(labels).map(([each, given]) => [each, this.#admits(each, given) ? given : OTHER]),
        );
      }
    }
    return labels;
  }

  #admits(name: string, value: string): boolean {
    let known = this.#known.get(name);
    if (known === undefined) this.#known.set(name, (known = new Set()));
    if (known.has(value)) return true;
    if (known.size >= MOST) return false;
    known.add(value);
    return true;
  }
}
