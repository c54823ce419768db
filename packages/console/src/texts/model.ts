/** The texts about the language model of the server. */
export const modelTexts = {
  none: 'No language model is configured.',
  placeholder: 'Agents answer with an offline placeholder.',
  how: 'Set up a model',
  dismiss: 'Dismiss',
  title: 'Set up a language model',
  hint: 'Add these lines to the server’s .env file or its environment, then restart it.',
  provider: 'Provider',
  note: {
    anthropic: 'Any model from Anthropic’s API.',
    google: 'Any model from the Gemini API.',
    openai: 'Any model from OpenAI’s API.',
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

export type ModelTexts = typeof modelTexts;
