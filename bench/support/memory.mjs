/** What the server has taken at most since it started, of what is promised. */
export async function memoryFigure(server, where = '') {
  const { peak } = await server.ask('memory');
  return {
    figure: `${where}${where && ': '}memory of the server at its peak, resident`,
    value: peak,
    unit: 'MB',
    atMost: 400,
  };
}
