using System.Reflection;
using WebhookKit.Endpoints;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

/// <summary>Stands before a registry store and counts what it is asked.</summary>
public class CountingStore : DispatchProxy
{
    private readonly Dictionary<string, int> _calls = [];
    private IEndpointRegistryStore _inner = null!;

    public Action<string> Before { get; set; } = _ => { };

    public static (IEndpointRegistryStore Store, CountingStore Counts) Wrap(IEndpointRegistryStore inner)
    {
        var store = Create<IEndpointRegistryStore, CountingStore>();
        var counts = (CountingStore)(object)store;
        counts._inner = inner;
        return (store, counts);
    }

    public int Calls(string method)
    {
        lock (_calls)
        {
            return _calls.GetValueOrDefault(method);
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (_calls)
        {
            _calls[targetMethod!.Name] = Calls(targetMethod.Name) + 1;
        }

        Before(targetMethod.Name);
        return targetMethod.Invoke(_inner, args);
    }
}
