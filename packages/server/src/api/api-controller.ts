/** What marks Continuo's controllers: they stay at their paths, however the application that they are in versions its own. */
import { Controller, VERSION_NEUTRAL } from '@nestjs/common';

/** `path` as `@Controller` takes it. Default: the root. */
export function ApiController(path = ''): ClassDecorator {
  return Controller({ path, version: VERSION_NEUTRAL });
}
