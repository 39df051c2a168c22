using WebhookKit.EventTypes;

namespace WebhookKit.Tests.EventTypes;

public sealed class EventTypeRegistryTests
{
    [Fact]
    public void TryGetName_RegisteredType_GivesItsName()
    {
        var registry = new EventTypeRegistry([new(typeof(string), "text.sent"), new(typeof(int), "number.sent")]);

        Assert.True(registry.TryGetName(typeof(int), out var name));
        Assert.Equal("number.sent", name);
    }

    [Fact]
    public void TryGetName_OtherOrDerivedType_GivesFalse()
    {
        var registry = new EventTypeRegistry([new(typeof(Exception), "failure")]);

        Assert.False(registry.TryGetName(typeof(InvalidOperationException), out var name));
        Assert.Null(name);
    }

    [Fact]
    public void TryGetName_TwoNamesForOneType_GivesTheFirst()
    {
        var registry = new EventTypeRegistry([new(typeof(int), "first"), new(typeof(int), "second")]);

        Assert.True(registry.TryGetName(typeof(int), out var name));
        Assert.Equal("first", name);
    }
}
