/** The German texts about the language model of the server. */
import type { ModelTexts } from '../model.js';

export const translation: ModelTexts = {
  none: 'Kein Sprachmodell eingerichtet.',
  placeholder: 'Antworten sind Platzhalter.',
  how: 'Einrichten',
  dismiss: 'Ausblenden',
  title: 'Sprachmodell einrichten',
  hint: 'Tragen Sie diese Zeilen in die Datei .env des Servers oder in seine Umgebung ein, und starten Sie ihn neu.',
  provider: 'Anbieter',
  note: {
    anthropic: 'Jedes Modell aus der API von Anthropic.',
    google: 'Jedes Modell aus der Gemini-API.',
    openai: 'Jedes Modell aus der API von OpenAI.',
    ollama: 'Mit Ollama laufen Modelle auf Ihrem eigenen Rechner; ein Schlüssel ist nicht nötig.',
    compatible: 'Jeder Server mit dem Protokoll von OpenAI: OpenRouter, vLLM, LM Studio und andere.',
  },
  names: {
    anthropic: 'Anthropic',
    google: 'Google',
    openai: 'OpenAI',
    ollama: 'Ollama',
    compatible: 'OpenAI-kompatibel',
  },
};
