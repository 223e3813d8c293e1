/** Where the person is, and what "one level up" means from there. Knows nothing of the core. */
import { sameKey } from '../ipc/client';
import type { CallerId, ConfigKey, ConnectionKey } from '../ipc/types.gen';

export type Route =
  | { screen: 'connections'; selected: ConnectionKey | null; account?: string }
  | { screen: 'attention' }
  | { screen: 'accounts' }
  | { screen: 'connect'; step: 'choose' }
  | { screen: 'connect'; step: 'review'; configKey: ConfigKey; connectionId: string | null }
  | { screen: 'connect'; step: 'attempt' }
  | { screen: 'connect'; step: 'institutions'; configKey: ConfigKey }
  | { screen: 'connect'; step: 'institution'; configKey: ConfigKey; institution: number }
  | { screen: 'connect'; step: 'link'; key: ConnectionKey }
  | { screen: 'connect'; step: 'again'; key: ConnectionKey }
  | { screen: 'connect'; step: 'companies'; configKey: ConfigKey }
  | { screen: 'connect'; step: 'platforms'; configKey: ConfigKey; company: string }
  | { screen: 'connect'; step: 'platform'; configKey: ConfigKey; company: string; platform: string }
  | { screen: 'activity'; of: ConnectionKey | null; view?: 'requests'; caller?: CallerId }
  | { screen: 'programs'; selected: CallerId | null }
  | { screen: 'providers'; view: 'list' }
  | { screen: 'providers'; view: 'new'; provider: string | null; thenConnect: boolean }
  | { screen: 'providers'; view: 'edit'; configKey: ConfigKey }
  | { screen: 'providers'; view: 'origins'; configKey: ConfigKey }
  | { screen: 'providers'; view: 'texts'; configKey: ConfigKey }
  | { screen: 'settings'; section?: string }
  | { screen: 'help'; section?: string };

export type Screen = Route['screen'];

export class Navigation {
  route = $state.raw<Route>({ screen: 'connections', selected: null });
  /** The row that a closed connection was opened from; takes the focus once. */
  returnTo = $state.raw<ConnectionKey | null>(null);

  go(route: Route): void {
    if (this.route.screen === 'connections' && this.route.selected && !selects(route, this.route.selected)) {
      this.returnTo = this.route.selected;
    }
    this.route = route;
  }

  reset(): void {
    this.route = { screen: 'connections', selected: null };
    this.returnTo = null;
  }

  /** Leaves what is about a connection that is gone. */
  leave(key: ConnectionKey): void {
    const { route } = this;
    const isAbout = selects(route, key) || (route.screen === 'connect' && route.step === 'link' && sameKey(route.key, key));
    if (isAbout) this.go({ screen: 'connections', selected: null });
  }

  /** Esc: closes what is open, then the screen; false when there is nothing above. */
  up(): boolean {
    const above = parent(this.route);
    if (!above) return false;
    this.go(above);
    return true;
  }
}

function selects(route: Route, key: ConnectionKey): boolean {
  return route.screen === 'connections' && sameKey(route.selected, key);
}

function parent(route: Route): Route | null {
  switch (route.screen) {
    case 'connections':
      return route.selected ? { screen: 'connections', selected: null } : null;
    case 'connect':
      if (route.step === 'institutions') return { screen: 'connect', step: 'choose' };
      if (route.step === 'institution') return { screen: 'connect', step: 'institutions', configKey: route.configKey };
      if (route.step === 'again') return { screen: 'connections', selected: route.key };
      if (route.step === 'companies') return { screen: 'connect', step: 'choose' };
      if (route.step === 'platforms') return { screen: 'connect', step: 'companies', configKey: route.configKey };
      if (route.step === 'platform') {
        return { screen: 'connect', step: 'platforms', configKey: route.configKey, company: route.company };
      }
      return route.step === 'review' && route.connectionId === null
        ? { screen: 'connect', step: 'choose' }
        : { screen: 'connections', selected: null };
    case 'programs':
      return route.selected === null ? null : { screen: 'programs', selected: null };
    case 'activity':
      if (route.caller) return { screen: 'programs', selected: route.caller };
      return route.of ? { screen: 'connections', selected: route.of } : null;
    case 'providers':
      if (route.view === 'new' && route.thenConnect) return { screen: 'connect', step: 'choose' };
      if (route.view === 'new' && route.provider !== null) return { ...route, provider: null };
      if (route.view === 'origins' || route.view === 'texts') {
        return { screen: 'providers', view: 'edit', configKey: route.configKey };
      }
      return route.view === 'list' ? null : { screen: 'providers', view: 'list' };
    case 'attention':
    case 'accounts':
    case 'settings':
    case 'help':
      return null;
    default:
      return route satisfies never;
  }
}
