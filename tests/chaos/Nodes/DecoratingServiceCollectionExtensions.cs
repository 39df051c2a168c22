using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.Chaos.Nodes;

internal static class DecoratingServiceCollectionExtensions
{
    /// <summary>Puts something around the singleton that is registered, without taking its place for good.</summary>
    public static void Decorate<T>(this IServiceCollection services, Func<T, IServiceProvider, T> decorate)
        where T : class
    {
        var registered = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(registered);
        services.AddSingleton(provider => decorate((T)Make(registered, provider), provider));
    }

    private static object Make(ServiceDescriptor registered, IServiceProvider provider) =>
        registered.ImplementationInstance
        ?? registered.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);
}
