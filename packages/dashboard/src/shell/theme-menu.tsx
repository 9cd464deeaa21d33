import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';

import { chooseTheme, chosenTheme, THEMES, type Theme } from '../session/theme.ts';
import { Icon } from '../ui/icons.tsx';
import { MENU_ITEM, MENU_POPUP } from '../ui/menu-classes.ts';

const NAMES: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function ThemeMenu() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={`Colours: ${NAMES[theme]}`}
        title="Colours"
        className="grid size-8 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
      >
        <svg viewBox="0 0 20 20" className="size-4.5" aria-hidden="true">
          <circle cx="10" cy="10" r="6.500" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M10 3.500a6.500 6.500 0 0 1 0 13z" fill="currentColor" />
        </svg>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className="z-50">
          <Menu.Popup className={MENU_POPUP}>
            <Menu.RadioGroup
              value={theme}
              onValueChange={(next: Theme) => {
                chooseTheme(next);
                setTheme(next);
              }}
            >
              {THEMES.map((one) => (
                <Menu.RadioItem key={one} value={one} closeOnClick className={MENU_ITEM}>
                  <span className="grid size-4 place-items-center">
                    <Menu.RadioItemIndicator>
                      <Icon name="check" className="size-3.5" />
                    </Menu.RadioItemIndicator>
                  </span>
                  {NAMES[one]}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
