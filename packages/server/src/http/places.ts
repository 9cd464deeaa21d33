/** Places for what runs long, with a share for each organization so that one can't take all of them. */
export interface Places {
  /** @returns gives the place back, the first time it is called; undefined if there is none */
  take(organizationNo: number): (() => void) | undefined;
}

export function createPlaces(most: { readonly inAll: number; readonly ofOneOrganization: number }): Places {
  const taken = new Map<number, number>();
  let takenInAll = 0;
  return {
    take(organizationNo) {
      const own = taken.get(organizationNo) ?? 0;
      if (takenInAll >= most.inAll || own >= most.ofOneOrganization) return undefined;
      taken.set(organizationNo, own + 1);
      takenInAll += 1;
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        takenInAll -= 1;
        const left = (taken.get(organizationNo) ?? 1) - 1;
        if (left === 0) taken.delete(organizationNo);
        else taken.set(organizationNo, left);
      };
    },
  };
}
