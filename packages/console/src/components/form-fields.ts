/** Whether somebody has changed what stands in the forms of an element, read from its fields: no form has to say so. */

/** Where lists are chosen from, a hidden field has what was chosen. */
const FIELDS = 'form :is(input, textarea, select)';

export class FormFields {
  readonly #before = new Map<Element, string>();

  /** To be called before something can be changed, as when a field gets the focus. Fields that are known stay as they were. */
  note(around: Element): void {
    for (const field of around.querySelectorAll(FIELDS)) {
      if (!this.#before.has(field)) this.#before.set(field, valueOf(field));
    }
  }

  /** A form that is gone was saved, or was left on purpose. */
  isChanged(): boolean {
    return [...this.#before].some(([field, before]) => field.isConnected && valueOf(field) !== before);
  }
}

function valueOf(field: Element): string {
  const { type, checked, value } = field as HTMLInputElement;
  return type === 'checkbox' || type === 'radio' ? String(checked) : value;
}
