/** The texts about the language model of the server. */
export const modelTexts = {
  none: 'No language model is configured.',
  placeholder: 'Agents answer with an offline placeholder.',
  how: 'How to set one',
  dismiss: 'Dismiss',
  title: 'Set a language model',
  hint: 'Put these lines into the file .env beside the server, or into its environment, and restart it.',
  provider: 'Provider',
  note: {
    anthropic: 'Any model of Anthropic’s API.',
    google: 'Any model of the Gemini API.',
    openai: 'Any model of OpenAI’s API.',
    ollama: 'Ollama runs models on your own machine; it needs no key.',
    compatible: 'Any server that speaks OpenAI’s protocol: OpenRouter, vLLM, LM Studio and others.',
  },
  names: {
    anthropic: 'Anthropic',
    google: 'Google',
    openai: 'OpenAI',
    ollama: 'Ollama',
    compatible: 'OpenAI-compatible',
  },
};
