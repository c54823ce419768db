/** The German texts of running a task again, and of deleting it. */
import { counted } from '../../formats.js';
import type { RerunTexts } from '../rerun.js';

export const translation: RerunTexts = {
  again: 'Erneut ausführen',
  same: 'Mit derselben Eingabe erneut ausführen',
  edit: 'Eingabe ändern und ausführen',
  text: 'Eingabe',
  json: 'Eingabe (JSON)',
  files: (n) => `${counted(n, { one: 'Datei wird', other: 'Dateien werden' })} unverändert mitgesendet.`,
  hint: 'Startet eine neue Aufgabe in derselben Sitzung. Diese bleibt, wie sie ist.',
  run: 'Ausführen',
  copyOf: 'Kopie von',
  delete: 'Aufgabe löschen',
  deleteQuestion: 'Diese Aufgabe löschen?',
  keep: 'Aufgabe behalten',
};
