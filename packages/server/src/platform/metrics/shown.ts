/** Gauges of what is counted by labels: what is there no more is 0, not what it was. */

type Labels = Readonly<Record<string, string>>;

export class Shown<Of extends Labels> {
  #known = new Map<string, Of>();

  constructor(private readonly record: (labels: Of, value: number) => void) {}

  set(counted: readonly { readonly labels: Of; readonly value: number }[]): void {
    const now = new Map(counted.map(({ labels }) => [JSON.stringify(labels), labels]));
    for (const [key, labels] of this.#known) if (!now.has(key)) this.record(labels, 0);
    for (const { labels, value } of counted) this.record(labels, value);
    this.#known = now;
  }
}
