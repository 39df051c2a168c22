namespace WebhookKit.DependencyInjection;

/// <summary>Reports two different stores: of each contract only the first one's would be used.</summary>
internal sealed class StoreStartupCheck(IEnumerable<StoreRegistration> stores) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        var names = stores.Select(store => $"'{store.Name}'").Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 1)
        {
            yield return $"More than one store is chosen: {string.Join(" and ", names)}. Keep one of these calls.";
        }
    }
}
