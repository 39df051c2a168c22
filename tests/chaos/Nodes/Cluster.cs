namespace WebhookKit.Chaos.Nodes;

/// <summary>The nodes of a run, one process at a time in each place.</summary>
internal sealed class Cluster(NodeSettings template, int places, string folder) : IAsyncDisposable
{
    private readonly NodeProcess?[] _nodes = new NodeProcess?[places];
    private readonly List<string> _deaths = [];
    private bool _isPublishing;
    private int _started;

    public int Places => places;

    /// <summary>Those that ended by themselves.</summary>
    public IReadOnlyList<string> Deaths => _deaths;

    public IEnumerable<string> Ledgers => Directory.EnumerateFiles(folder, "*.ledger");

    public Task StartAsync() => Task.WhenAll(Enumerable.Range(0, places).Select(StartAsync));

    /// <summary>The node in a place; one that has died is put on record and replaced.</summary>
    public async Task<NodeProcess> GetAsync(int place)
    {
        if (_nodes[place]!.HasDied)
        {
            _deaths.Add(_nodes[place]!.Name);
            await StartAsync(place);
        }

        return _nodes[place]!;
    }

    /// <summary>Starts a new node in a place, after the one before has ended.</summary>
    public async Task StartAsync(int place)
    {
        if (_nodes[place] is { } ended)
        {
            // Should the next one not start, there is none.
            _nodes[place] = null;
            await ended.DisposeAsync();
        }

        var number = Interlocked.Increment(ref _started);
        var name = $"node-{place}.{number}";
        _nodes[place] = await NodeProcess.StartAsync(
            template with
            {
                Name = name,
                Place = $"node-{place}",
                Seed = template.Seed + number,
                LedgerPath = Path.Combine(folder, $"{name}.ledger"),
            },
            Path.Combine(folder, $"{name}.log"));
        Tell(_nodes[place]!);
    }

    /// <summary>Lets all nodes publish, or stops them.</summary>
    public void SetPublishing(bool isPublishing)
    {
        _isPublishing = isPublishing;
        foreach (var node in _nodes)
        {
            Tell(node);
        }
    }

    /// <summary>Stops all nodes as hosts are stopped; those that cannot are put on record.</summary>
    public async Task StopAsync()
    {
        for (var place = 0; place < places; place++)
        {
            var node = await GetAsync(place);
            if (!await node.StopAsync())
            {
                _deaths.Add(node.Name);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<NodeProcess>())
        {
            await node.DisposeAsync();
        }
    }

    private void Tell(NodeProcess? node) => node?.Say(_isPublishing ? NodeWords.Publish : NodeWords.Pause);
}
