/** The German texts on tasks that are held. */
import { isolated } from '../../formats.js';
import type { HeldTexts } from '../held.js';

export const translation: HeldTexts = {
  label: 'Angehalten',
  title: 'Angehalten: Der Code passt nicht zu dieser Aufgabe',
  finished: (what) => `Erledigt ist: ${isolated(what)}.`,
  found: (what) => `Der Code führt jetzt aus: ${isolated(what)}.`,
  since: 'Seit',
  hint: 'Nichts geht verloren. Die Aufgabe läuft weiter, sobald eine Instanz passenden Code ausführt. Stellen Sie diesen Code bereit, starten Sie die Aufgabe mit dem jetzigen Code neu oder brechen Sie sie ab.',
  again: 'Jetzt erneut versuchen',
  restart: 'Von vorn erneut versuchen',
};
