namespace WebhookKit.Routing;

/// <summary>The receiver routes that the host has mapped.</summary>
internal sealed class ReceiverRoutes
{
    private readonly List<ReceiverRoute> _routes = [];
    private int _checked;

    public IReadOnlyList<ReceiverRoute> All => _routes;

    /// <summary>Whether every route was there when routes were checked, and none could still change.</summary>
    public bool AllChecked => _checked == _routes.Count && !_routes.Exists(route => route.IsGrouped);

    public void Add(ReceiverRoute route) => _routes.Add(route);

    public void MarkChecked() => _checked = _routes.Count;
}
