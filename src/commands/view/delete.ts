import { verb } from '../../cli/verb.ts';
import { changeSettings } from '../../state/settings.ts';
import { checkViewName } from '../../state/views.ts';

/** A damaged view can be forgotten too. */
export const remove = verb({
  name: 'delete',
  summary: 'forget a view',
  args: [{ name: '<name>', help: 'a view' }],
  flags: {},
  examples: ['reekolect view delete vip', 'reekolect view list'],
  async run(_options, session, [name = '']) {
    checkViewName(name, session.settings);
    await changeSettings(session.context, (before) => {
      const { [name]: _forgotten, ...views } = before.views ?? {};
      return { ...before, views };
    });
    session.log.status(`forgot the view ${name}`);
  },
});
